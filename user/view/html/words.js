// SPDX-License-Identifier: GPL-2.0
// What a person reads: times in a unit that fits, names, the sentence of an interval (worded as
// model_sentence() does, tests/view holds them together) and the chain of who woke whom.

const PREEMPTED_CAUSE = 1, WOKEN_CAUSE = 2, NEW_CAUSE = 3; // as enum cause counts

function duration(ns) {
	const [value, unit] = inUnit(ns);

	return `${value.toFixed(ns < 1000 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ${unit}`;
}

function inUnit(ns) {
	return ns >= 1e9 ? [ns / 1e9, "s"] : ns >= 1e6 ? [ns / 1e6, "ms"] :
		ns >= 1e3 ? [ns / 1e3, "µs"] : [ns, "ns"];
}

function tick(ns) {
	const [value, unit] = inUnit(ns);

	return ns ? `${+value.toPrecision(12)} ${unit}` : "0";
}

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

const nameOf = (thread) => `${thread.comm}/${thread.tid}`;
const refName = (index) => index >= 0 && threads[index] ? nameOf(threads[index]) : "";
const laneName = (lane) => lane.cpu ? `CPU ${lane.index}` : nameOf(lane);

const wakerIrq = (i) => Boolean(column.head[i] & 0x40);
const stillOpen = (i) => Boolean(column.head[i] & 0x80);
const causeOf = (i) => column.head[i] >> 3 & 7;

function wokenBy(i) {
	if (column.who[i] >= 0)
		return `woken by ${refName(column.who[i])}`;
	return wakerIrq(i) ? "woken by an interrupt" : "";
}

function sentence(lane, k) {
	const i = lane.at + k;

	return lane.cpu ? cpuSentence(lane, i) : threadSentence(lane, i);
}

function cpuSentence(lane, i) {
	const t = duration(column.time[i + 1] - column.time[i]);

	return column.kind[i] === IDLE ? `CPU ${lane.index} was idle for ${t}.` :
		`${refName(column.who[i]) || "Another task"} ran on CPU ${lane.index} for ${t}.`;
}

function threadSentence(lane, i) {
	const t = duration(column.time[i + 1] - column.time[i]);
	const cpu = column.cpu[i] >= 0 ? ` CPU ${column.cpu[i]}` : " a CPU";
	const by = wokenBy(i) ? `; ${wokenBy(i)}` : "";
	const instead = column.instead[i] >= 0 ? ` while ${refName(column.instead[i])} ran there` : "";
	const owner = column.owner[i] >= 0 ? `, held by ${refName(column.owner[i])}` : "";
	const address = column.address[i] >= 0 ? ` 0x${facts.addresses[column.address[i]]}` : "";
	const name = nameOf(lane);

	switch (column.kind[i]) {
	case RUNNING: return `${name} ran for ${t} on${cpu}.`;
	case RUNNABLE: return `${name} waited ${t} for${cpu}${instead}${by}.`;
	case FUTEX: return `${name} waited ${t} for the futex${address}${owner}${by}.`;
	case LOCK: return `${name} waited ${t} for the kernel lock${address}${by}.`;
	case SLEEPING: return `${name} slept for ${t}${by}.`;
	case BLOCKED: return `${name} was blocked in the kernel for ${t}${by}.`;
	case STOPPED: return `${name} was stopped for ${t}${by}.`;
	case DEAD: return `${name} had ended.`;
	default: return `What ${name} did for ${t} is not known.`;
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
