// SPDX-License-Identifier: GPL-2.0
/* The colours and letters of threads; see palette.h. */
#include "view/palette.h"

const struct view_colour view_colours[VIEW_NR_COLOURS] = {
	{ 32, 231, "#0072b2", "#4ba3e3" }, /* blue */
	{ 36, 16, "#009e73", "#1fb68c" },  /* bluish green */
	{ 175, 16, "#c1689a", "#d98bb3" }, /* reddish purple */
	{ 74, 16, "#56b4e9", "#8ccdf2" },  /* sky */
	{ 142, 16, "#9a9200", "#cfc64a" }, /* yellow, darkened to be seen on white */
	{ 97, 231, "#6a51a3", "#a08ad6" }, /* violet */
};

char view_letter(size_t n)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

	return letters[n % (sizeof(letters) - 1)];
}
