// SPDX-License-Identifier: GPL-2.0
// Dark or light; the page is whole without it.
const root = document.documentElement;
const themeButton = document.getElementById("theme");

function setTheme(theme) {
	root.dataset.theme = theme;
	themeButton.textContent = theme === "dark" ? "Light" : "Dark";
}

function otherTheme() {
	setTheme(root.dataset.theme === "dark" ? "light" : "dark");
}

addEventListener("keydown", (e) => {
	if (e.key.toLowerCase() === "d" && !e.ctrlKey && !e.metaKey && !e.altKey)
		otherTheme();
});
themeButton.addEventListener("click", otherTheme);
setTheme(matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
root.dataset.ready = "yes";
