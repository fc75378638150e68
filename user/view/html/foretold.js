// SPDX-License-Identifier: GPL-2.0
// What a room foretold, beside what was seen: the question with the hands for each option above the picture,
// and in it a line where each option would have it happen. Where the flags are shares, a bar of its own has them:
// there all that the threads ran is pushed together.

const TAG = 15; // px high

function flagName(option) {
	return option ? `[${option}]` : "◆ seen";
}

function drawFlags() {
	let right = -Infinity;

	if (!facts.foretold || facts.foretold.pile)
		return;
	paint.font = `bold 12px ${ink.sans}`;
	paint.textBaseline = "middle";
	for (const [option, at] of facts.foretold.flags.toSorted((a, b) => a[1] - b[1])) {
		const x = Math.round(xOf(at)), name = flagName(option), width = paint.measureText(name).width + 8;
		// Tags that would lie upon each other stand side by side, and none beyond the edge.
		const left = Math.min(Math.max(x, right + 2), plotWidth - width);

		if (x < -width || x > plotWidth + 2)
			continue;
		paint.fillStyle = paint.strokeStyle = option ? ink.quiet : ink.select;
		paint.lineWidth = option ? 1.5 : 2.5;
		paint.setLineDash(option ? [5, 4] : []);
		paint.beginPath();
		paint.moveTo(Math.min(x, plotWidth - 1), TAG);
		paint.lineTo(Math.min(x, plotWidth - 1), plotHeight);
		paint.stroke();
		paint.setLineDash([]);
		paint.fillRect(left, 1, width, TAG);
		paint.fillStyle = ink.paper;
		paint.fillText(name, left + 4, 1.5 + TAG / 2);
		right = left + width;
	}
}

// The threads' parts of what all of them ran in the stretch that the page opens with.
function pile() {
	const [from, to] = facts.look, box = element("div"), bar = element("div"), flags = element("div");
	const lanes = facts.foretold.threads.map((tid) => targets.find((t) => t.tid === tid)).filter(Boolean);
	const ran = lanes.map((lane) => shares(lane, from, to, new Float64Array(NR_KINDS))[RUNNING]);
	const all = ran.reduce((a, b) => a + b, 0) || 1;

	box.className = "pile";
	bar.className = "bar";
	flags.className = "flags";
	lanes.forEach((lane, i) => {
		const part = element("span", `${lane.letter} ${lane.comm} ${Math.round(ran[i] / all * 100)} %`);

		part.style.width = `${ran[i] / all * 100}%`;
		part.style.background = threadColour(lane);
		part.style.color = inkOn(threadColour(lane));
		bar.append(part);
	});
	for (const [option, at] of facts.foretold.flags) {
		const flag = element("span", flagName(option)), share = Math.min(1, Math.max(0, (at - from) / (to - from)));

		flag.style.left = `${share * 100}%`;
		flag.classList.toggle("seen", !option);
		flag.classList.toggle("last", share > 0.9);
		flags.append(flag);
	}
	box.append(bar, flags);
	return box;
}

function optionRow([text, hands, seen], index, most) {
	const row = element("li", `[${index + 1}] ${text}`);

	row.classList.toggle("seen", seen);
	if (facts.foretold.room) {
		const bar = element("span", " "), count = element("span", `${hands} ${hands === 1 ? "hand" : "hands"}`);

		bar.className = "hands";
		bar.style.width = `${hands / most * 14}em`;
		count.className = "count";
		row.append(element("br"), bar, count);
	} else if (hands) {
		row.append(element("br"), "You said this.");
	}
	if (seen)
		row.append(element("br"), "◆ This is what was seen.");
	return row;
}

function showForetold() {
	const box = document.getElementById("foretold"), list = element("ul"), told = facts.foretold;

	if (!told)
		return;
	const most = Math.max(1, ...told.options.map(([, hands]) => hands));

	list.append(...told.options.map((option, i) => optionRow(option, i, most)));
	box.replaceChildren(element("p", told.question), list);
	if (told.pile && facts.look)
		box.append(pile());
	box.hidden = false;
}
