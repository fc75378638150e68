// SPDX-License-Identifier: GPL-2.0
// Narrow things as pixels: zoomed out, a picture is tens of thousands of bars a pixel wide, and each
// call that fills a rectangle costs more than all of its pixels. They are written into a picture of
// their own, which is then laid over the plot in one go.

const NARROW = 12; // pixels: what is wider is painted with all the canvas can do
const HATCH_STEP = 8, HATCH_LINE = 3;

const bars = document.createElement("canvas"), barsPaint = bars.getContext("2d");
const packedColours = new Map();
let barsImage = null, barsPixels = null, barsAlpha = 255, narrow = false;

// "#0072b2" or "#111" as a pixel: the bytes are red, green, blue, alpha.
function packed(colour) {
	let value = packedColours.get(colour);

	if (value === undefined) {
		const long = colour.length > 4;
		const [r, g, b] = [0, 1, 2].map((i) => long ? parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) :
			17 * parseInt(colour[1 + i], 16));

		value = (b << 16 | g << 8 | r) >>> 0;
		packedColours.set(colour, value);
	}
	return (value | barsAlpha << 24) >>> 0;
}

function beginBars() {
	if (!barsImage || barsImage.width !== plotWidth || barsImage.height !== Math.ceil(plotHeight)) {
		bars.width = plotWidth;
		bars.height = Math.ceil(plotHeight);
		barsImage = barsPaint.createImageData(plotWidth, Math.ceil(plotHeight));
		barsPixels = new Uint32Array(barsImage.data.buffer);
	}
	barsPixels.fill(0);
}

function endBars() {
	barsPaint.putImageData(barsImage, 0, 0);
	paint.imageSmoothingEnabled = false;
	paint.drawImage(bars, 0, 0, plotWidth, barsImage.height);
}

function bar(colour, x, y, width, height) {
	const top = Math.max(0, Math.round(y)), bottom = Math.min(barsImage.height, Math.round(y + height));
	const left = Math.max(0, Math.round(x)), right = Math.min(barsImage.width, Math.round(x + width));
	const value = packed(colour), step = barsImage.width;

	for (let line = top * step, end = bottom * step; line < end; line += step)
		for (let at = line + left; at < line + right; at++)
			barsPixels[at] = value;
}

// One pixel wide, all of it within the plot from left to right: what most of a crowd is.
function post(colour, x, from, to) {
	const value = packed(colour), step = barsImage.width, end = Math.min(barsImage.height, to) * step + x;

	for (let at = Math.max(0, from) * step + x; at < end; at += step)
		barsPixels[at] = value;
}

// As the hatch of what is wider.
function hatchedBar(x, y, width, height) {
	const top = Math.max(0, Math.round(y)), bottom = Math.min(barsImage.height, Math.round(y + height));
	const line = packed(ink.runnable), paper = packed(ink["runnable-paper"]), step = barsImage.width;

	for (let row = top; row < bottom; row++)
		for (let at = Math.max(0, x); at < Math.min(step, x + width); at++)
			barsPixels[row * step + at] = (at + row) % HATCH_STEP < HATCH_LINE ? line : paper;
}

function band(colour, x, y, width, height) {
	if (narrow)
		return colour === hatch ? hatchedBar(x, y, width, height) : bar(colour, x, y, width, height);
	paint.fillStyle = colour;
	paint.fillRect(x, y, width, height);
}
