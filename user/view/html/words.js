// SPDX-License-Identifier: GPL-2.0
// What a person reads: times in a unit that fits, names, the sentence of an interval (worded as
// model_sentence() does, tests/view holds them together) and the chain of who woke whom.

// As enum cause counts.
const PREEMPTED_CAUSE = 1, WOKEN_CAUSE = 2, NEW_CAUSE = 3, FUTEX_CAUSE = 4, LOCK_CAUSE = 5,
	JOIN_CAUSE = 6;

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
const laneName = (lane) => lane.cpu ? `CPU ${lane.index}` : nameOf(lane);

const wakerIrq = (i) => Boolean(column.head[i] & 0x40);
const stillOpen = (i) => Boolean(column.head[i] & 0x80);
const causeOf = (i) => column.head[i] >> 3 & 7;

function sentence(lane, k) {
	const i = lane.at + k;

	return lane.cpu ? cpuSentence(lane, i) : threadSentence(lane, i);
}

function cpuSentence(lane, i) {
	const t = duration(column.time[i + 1] - column.time[i]);

	if (column.kind[i] === UNKNOWN)
		return `What CPU ${lane.index} did for ${t} was not recorded.`;
	return column.kind[i] === IDLE ? `CPU ${lane.index} was idle for ${t}.` :
		`${refName(column.who[i]) || "Another task"} ran on CPU ${lane.index} for ${t}.`;
}

// From here on as model/sentence.c: model_sentence() and its helpers.
function threadSentence(lane, i) {
	const length = duration(column.time[i + 1] - column.time[i]);

	if (column.kind[i] === UNKNOWN)
		return `What ${nameOf(lane)} did for ${length} was not recorded.`;
	return `${nameOf(lane)} ${fact(lane, i, length)}.`;
}

function fact(lane, i, length) {

	switch (STATES[column.head[i] & 7]) {
	case "running": return causeOf(i) === LOCK_CAUSE ?
		`spun ${length} on ${cpuName(i)} for the kernel lock ${addressOf(i)}` :
		`ran ${length} on ${cpuName(i)}`;
	case "runnable": return sayRunnable(i, length);
	case "dead": return "ended";
	default: return sayWaiting(lane, i, length);
	}
}

const cpuName = (i) => column.cpu[i] < 0 ? "a CPU" : `CPU ${column.cpu[i]}`;
const addressOf = (i) => `0x${facts.addresses[column.address[i]]}`;

function sayRunnable(i, length) {
	const instead = column.instead[i] < 0 ? "" : ` while ${refName(column.instead[i])} ran there`;
	const who = refName(column.who[i]), cause = causeOf(i);

	if (cause === PREEMPTED_CAUSE)
		return `had to leave ${cpuName(i)} for ${length}${instead}`;
	const why = who && cause === WOKEN_CAUSE ? `, woken by ${who}` :
		who && cause === NEW_CAUSE ? `, created by ${who}` :
			!who && wakerIrq(i) ? ", woken by an interrupt" : "";

	return `waited ${length} for ${cpuName(i)}${why}${why && instead ? "," : ""}${instead}`;
}

function sayWaiting(lane, i, length) {
	const who = refName(column.who[i]), owner = column.owner[i];
	const end = stillOpen(i) ? "; still so when the recording ended" :
		who ? `; woken by ${who}` :
			wakerIrq(i) ? "; woken by an interrupt" : "; who woke it is unknown";
	const held = owner < 0 ? "" : threads[owner].tid === lane.tid ? ", held by itself" :
		`, held by ${refName(owner)}`;

	if (causeOf(i) === LOCK_CAUSE)
		return `waited ${length} for the kernel lock ${addressOf(i)}${end}`;
	if (causeOf(i) === JOIN_CAUSE)
		return `waited ${length} for ${refName(owner) || "a thread"} to end${stillOpen(i) ? end : ""}`;
	if (causeOf(i) === FUTEX_CAUSE)
		return `waited ${length} for the futex ${addressOf(i)}${held}${end}`;
	switch (STATES[column.head[i] & 7]) {
	case "stopped": return `was stopped for ${length}${end}`;
	case "blocked": return `was blocked in the kernel for ${length}${end}`;
	default: return `slept ${length}${end}`;
	}
}

// From an interval back through the wakings: each link is {lane, k, at, by}: at that time by woke
// lane out of its interval k. by is null where an interrupt did, or nobody known.
function wakeChain(lane, k, max = 8) {
	const links = [];

	while (lane && !lane.cpu && links.length < max) {
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
		if (isWait(kindOf(lane, k)) && causeOf(i) !== PREEMPTED_CAUSE)
			return -1; // a waiting that nobody is known to have ended
	}
	return -1;
}
