// SPDX-License-Identifier: GPL-2.0
// Theme and keys; the page is whole without them.
const root = document.documentElement;
const themeButton = document.getElementById("theme");
const parts = [...document.querySelectorAll("section")];

function setTheme(theme) {
	root.dataset.theme = theme;
	themeButton.textContent = theme === "dark" ? "Light" : "Dark";
}

function otherTheme() {
	setTheme(root.dataset.theme === "dark" ? "light" : "dark");
}

// The part that begins last above the upper third of the window, or -1.
function here() {
	let found = -1;

	parts.forEach((part, i) => {
		if (part.getBoundingClientRect().top < innerHeight / 3)
			found = i;
	});
	return parts.includes(document.activeElement) ? parts.indexOf(document.activeElement) : found;
}

function goTo(i) {
	const part = parts[Math.max(0, Math.min(parts.length - 1, i))];

	part?.scrollIntoView({ block: "start" });
	part?.focus({ preventScroll: true });
}

// The first fold of this part that is shut, else all of them shut.
function unfold() {
	const folds = [...(parts[here()]?.querySelectorAll("details") || [])];
	const shut = folds.find((fold) => !fold.open);

	if (shut)
		shut.open = true;
	else
		folds.forEach((fold) => { fold.open = false; });
}

const keys = { n: () => goTo(here() + 1), p: () => goTo(here() - 1), o: unfold, d: otherTheme };

addEventListener("keydown", (e) => {
	const act = e.ctrlKey || e.metaKey || e.altKey ? null : keys[e.key.toLowerCase()];

	if (act) {
		act();
		e.preventDefault();
	}
});
themeButton.addEventListener("click", otherTheme);
setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
root.dataset.ready = "yes";
