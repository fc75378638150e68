// SPDX-License-Identifier: GPL-2.0
// What a person reads: times in a unit that fits, names, the sentence of an interval (its shape filled
// as model_sentence() does, tests/view holds them together) and the chain of who woke whom.

// As enum cause counts.
const PREEMPTED_CAUSE = 1, WOKEN_CAUSE = 2, NEW_CAUSE = 3, YIELDED_CAUSE = 4;

// As text_duration() of lib/text.c.
function duration(ns) {
	if (ns < 1000)
		return `${Math.floor(ns)} ns`;
	if (ns < 999950)
		return `${(Math.floor((ns + 50) / 100) / 10).toFixed(1)} us`;
	if (ns < 999950000)
		return `${(Math.floor((ns + 50000) / 100000) / 10).toFixed(1)} ms`;
	return `${(Math.floor((ns + 5000000) / 10000000) / 100).toFixed(2)} s`;
}

function inUnit(ns) {
	return ns >= 1e9 ? [ns / 1e9, "s"] : ns >= 1e6 ? [ns / 1e6, "ms"] :
		ns >= 1e3 ? [ns / 1e3, "us"] : [ns, "ns"];
}

function tick(ns) {
	const [value, unit] = inUnit(Math.abs(ns));

	return ns ? `${ns < 0 ? "−" : ""}${+value.toPrecision(12)} ${unit}` : "0";
}

// An instant, on the axis that the ruler shows.
const moment = (t) => t < zero ? `−${duration(zero - t)}` : duration(t - zero);

function tickStep(span, max) {
	let step = 1;

	while (span / step > max) {
		if (span / (step * 2) <= max)
			return step * 2;
		if (span / (step * 5) <= max)
			return step * 5;
		step *= 10;
	}
	return step;
}

const nameOf = (thread) => thread.comm ? `${thread.comm}/${thread.tid}` : `tid ${thread.tid}`;
const refName = (index) => index >= 0 && threads[index] ? nameOf(threads[index]) : "";
const isThread = (lane) => lane.tid !== undefined;
const laneName = (lane) => lane.cpu ? `CPU ${lane.index}` : lane.lock ? lockName(lane) :
	lane.path ? "critical path" : nameOf(lane);

const wakerIrq = (i) => Boolean(column.marks[i] & 2);
const stillOpen = (i) => Boolean(column.marks[i] & 1);
const shapeOf = (i) => shapes[column.shape[i]];
const causeOf = (i) => shapeOf(i).cause;

function sentence(lane, k) {
	const i = lane.at + k;

	return lane.cpu ? cpuSentence(lane, i) : lane.lock ? lockSentence(lane, i) :
		lane.path ? pathSentence(i) : threadSentence(lane, i);
}

// How many records of a CPU were lost in gaps that touch a stretch of time.
function lostIn(lane, from, to) {
	return gaps.reduce((n, g) => n + (g.cpu === lane.index && g.start <= to && g.end >= from ? g.lost : 0), 0);
}

function cpuSentence(lane, i) {
	const t = duration(column.time[i + 1] - column.time[i]);

	if (column.kind[i] === UNKNOWN) {
		const n = lostIn(lane, column.time[i], column.time[i + 1]);

		return `What CPU ${lane.index} did for ${t} was not recorded` +
			`${n ? `: ${n} record${n === 1 ? " was" : "s were"} lost` : ""}.`;
	}
	return column.kind[i] === IDLE ? `CPU ${lane.index} was idle for ${t}.` :
		`${refName(column.who[i]) || "Another task"} ran on CPU ${lane.index} for ${t}.`;
}

// From here on as model/sentence.c.
function threadSentence(lane, i) {
	const text = shapeOf(i).template.replace(/\{(\w+)\}/g, (_, token) => say[token](lane, i));

	return column.kind[i] === UNKNOWN ? `What ${nameOf(lane)} did for ${text} was not recorded.` :
		`${nameOf(lane)} ${text}.${decision(lane, i)}`;
}

const decided = new Map(facts.decided.map(([thread, k, text]) => [thread * 2 ** 32 + k, ` ${text}.`]));
const decision = (lane, i) => decided.get(lane.index * 2 ** 32 + i - lane.at) || "";

const say = {
	t: (lane, i) => duration(column.time[i + 1] - column.time[i]),
	cpu: (lane, i) => column.cpu[i] < 0 ? "a CPU" : `CPU ${column.cpu[i]}`,
	owner: (lane, i) => refName(column.owner[i]) || "a thread",
	held: (lane, i) => column.owner[i] < 0 ? "" :
		threads[column.owner[i]].tid === lane.tid ? ", held by itself" :
			`, held by ${refName(column.owner[i])}`,
	why: (lane, i) => {
		const who = refName(column.who[i]), comma = column.instead[i] < 0 ? "" : ",";

		return who && causeOf(i) === WOKEN_CAUSE ? `, woken by ${who}${comma}` :
			who && causeOf(i) === NEW_CAUSE ? `, created by ${who}${comma}` :
				!who && wakerIrq(i) ? `, woken by an interrupt${comma}` : "";
	},
	instead: (lane, i) => column.instead[i] < 0 ? "" : ` while ${refName(column.instead[i])} ran there`,
	end: (lane, i) => {
		const who = refName(column.who[i]);

		return stillOpen(i) ? "; still so when the recording ended" : who ? `; woken by ${who}` :
			wakerIrq(i) ? "; woken by an interrupt" : "; who woke it is unknown";
	},
	open: (lane, i) => stillOpen(i) ? say.end(lane, i) : "",
	early: (lane, i) => stillOpen(i) || !wakerIrq(i) ? say.end(lane, i) : "",
};

// From an interval back through the wakings: each link is {lane, k, at, by}: at that time by woke
// lane out of its interval k. by is null where an interrupt did, or nobody known.
function wakeChain(lane, k, max = 8) {
	const links = [];

	if (lane.path && column.who[lane.at + k] >= 0)
		[lane, k] = stepOf(lane.at + k);
	while (lane && isThread(lane) && links.length < max) {
		const w = wakeBefore(lane, k);

		if (w < 0)
			break;
		const i = lane.at + w, by = column.who[i] >= 0 ? threads[column.who[i]] : null;
		const at = causeOf(i) === WOKEN_CAUSE || causeOf(i) === NEW_CAUSE ? column.time[i] : column.time[i + 1];

		if (links.length && at >= links[links.length - 1].at)
			break; // only ever back in time: a thread may have woken itself
		links.push({ lane, k: w, at, by, irq: wakerIrq(i), created: causeOf(i) === NEW_CAUSE });
		if (!by)
			break;
		lane = by;
		k = find(by, at);
		if (k > 0 && startOf(by, k) === at && kindOf(by, k) !== RUNNING)
			k--; // it woke another in the last instant before it left the CPU
	}
	return links;
}

// The waiting that a waking ended and that brought interval k about, or k itself if it is one.
function wakeBefore(lane, k) {
	for (; k >= 0; k--) {
		const i = lane.at + k;

		if (stillOpen(i) && kindOf(lane, k) !== RUNNING && column.who[i] < 0)
			return -1; // still waiting: nobody woke it
		if (kindOf(lane, k) !== RUNNING && (column.who[i] >= 0 || wakerIrq(i)))
			return k;
		if (isWait(kindOf(lane, k)) && causeOf(i) !== PREEMPTED_CAUSE && causeOf(i) !== YIELDED_CAUSE)
			return -1; // a waiting that nobody is known to have ended
	}
	return -1;
}
