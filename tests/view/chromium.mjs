// SPDX-License-Identifier: GPL-2.0
// A browser to try the page in: Chromium, spoken to over a pipe, so that nothing has to be
// installed. Resolves to null where there is no Chromium.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--disable-extensions", "--window-size=1280,800", "--remote-debugging-pipe"];

function program() {
	for (const folder of (process.env.PATH || "").split(delimiter))
		for (const name of ["chromium", "chromium-browser", "google-chrome"])
			try {
				accessSync(join(folder, name), constants.X_OK);
				return join(folder, name);
			} catch {
				// not here
			}
	return null;
}

export async function openBrowser() {
	const path = process.env.CHROMIUM || program();

	if (!path)
		return null;
	const profile = mkdtempSync(join(tmpdir(), "oncpu-view-"));
	const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
		{ stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
	const waiting = new Map(), listeners = [];
	let last = 0, rest = "";

	child.stdio[4].on("data", (data) => {
		const parts = (rest + data).split("\0");

		rest = parts.pop();
		for (const part of parts) {
			const message = JSON.parse(part);

			if (message.id) {
				const { resolve, reject } = waiting.get(message.id);

				waiting.delete(message.id);
				(message.error ? reject : resolve)(message.error ?
					new Error(message.error.message) : message.result);
			} else {
				listeners.forEach((listen) => listen(message));
			}
		}
	});
	child.on("exit", () => waiting.forEach(({ reject }) => reject(new Error("browser is gone"))));

	const send = (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
		waiting.set(++last, { resolve, reject });
		child.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
	});

	return {
		newPage: () => newPage(send, listeners),
		close: async () => {
			await send("Browser.close").catch(() => {});
			await new Promise((done) => child.exitCode === null ? child.on("exit", done) : done());
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

async function newPage(send, listeners) {
	const { targetId } = await send("Target.createTarget", { url: "about:blank" });
	const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
	const say = (method, params) => send(method, params, sessionId);
	const page = { complaints: [], requests: [], say };

	listeners.push((m) => {
		if (m.sessionId !== sessionId)
			return;
		if (m.method === "Runtime.exceptionThrown")
			page.complaints.push(m.params.exceptionDetails.exception?.description || "exception");
		if (m.method === "Log.entryAdded" && m.params.entry.level === "error")
			page.complaints.push(m.params.entry.text);
		if (m.method === "Page.javascriptDialogOpening")
			page.complaints.push(`dialog: ${m.params.message}`);
		if (m.method === "Network.requestWillBeSent")
			page.requests.push(m.params.request.url);
	});
	for (const domain of ["Runtime", "Log", "Page", "Network"])
		await say(`${domain}.enable`);

	page.ask = async (expression) => {
		const { result, exceptionDetails } = await say("Runtime.evaluate",
			{ expression, returnByValue: true, awaitPromise: true });

		if (exceptionDetails)
			throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
		return result.value;
	};
	page.until = async (expression) => {
		for (let i = 0; i < 1200; i++) {
			if (await page.ask(expression).catch(() => false))
				return true;
			await new Promise((done) => setTimeout(done, 50));
		}
		throw new Error(`never became true: ${expression}`);
	};
	page.open = async (url) => {
		await say("Page.navigate", { url: "about:blank" });
		page.complaints.length = page.requests.length = 0;
		await say("Page.navigate", { url });
		await page.until("document.documentElement.dataset.ready === 'yes'");
	};
	page.key = async (key) => {
		const text = key.length === 1 ? key : undefined;

		await say("Input.dispatchKeyEvent", { type: "keyDown", key, text });
		await say("Input.dispatchKeyEvent", { type: "keyUp", key });
	};
	page.mouse = (type, x, y, more = {}) =>
		say("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1, ...more });
	page.click = async (x, y) => {
		await page.mouse("mousePressed", x, y);
		await page.mouse("mouseReleased", x, y);
	};
	return page;
}
