// SPDX-License-Identifier: GPL-2.0
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "course/file.h"
#include "course/markdown.h"

void markdown_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("<>&\"'", *text))
			fprintf(out, "&#%d;", *text);
		else
			fputc(*text, out);
	}
}

static char *base64(const char *head, const unsigned char *data, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at = strlen(head), i, k;
	char *text = calloc(1, at + (size + 2) / 3 * 4 + 1);
	uint32_t three;

	if (!text)
		return NULL;
	memcpy(text, head, at);
	for (i = 0; i < size; i += 3) {
		three = (uint32_t)data[i] << 16;
		three |= i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0;
		three |= i + 2 < size ? data[i + 2] : 0;
		for (k = 0; k < 4; k++)
			text[at++] = i + k <= size ? digits[three >> (18 - 6 * k) & 63] : '=';
	}
	return text;
}

static bool is_relative(const char *url)
{
	return *url && *url != '/' && *url != '#' && !strchr(url, ':');
}

/* A picture that cannot be read keeps its words. */
static void take_picture_in(cmark_node *image, const char *folder)
{
	const char *url = cmark_node_get_url(image);
	char path[PATH_MAX], *bytes, *data;
	size_t size;

	if (!is_relative(url) || strlen(url) < 4 || strcmp(url + strlen(url) - 4, ".png"))
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, url);
	if (file_read(path, &bytes, &size))
		return;
	data = base64("data:image/png;base64,", (unsigned char *)bytes, size);
	if (data)
		cmark_node_set_url(image, data);
	free(data);
	free(bytes);
}

/* The words stay, the link goes. */
static void unlink_words(cmark_node *link)
{
	cmark_node *child;

	while ((child = cmark_node_first_child(link)))
		cmark_node_insert_before(link, child);
	cmark_node_free(link);
}

static void lead(cmark_node *link, const struct markdown *how)
{
	const char *url = cmark_node_get_url(link), *to;
	char buf[PATH_MAX];

	if (!is_relative(url))
		return;
	to = how->address(how->data, url, buf, sizeof(buf));
	if (to)
		cmark_node_set_url(link, to);
	else
		unlink_words(link);
}

/* Of a list of nodes first, as what is changed would confuse the library's walk. */
static void change(cmark_node *document, int deeper, const struct markdown *how)
{
	cmark_iter *iter = cmark_iter_new(document);
	cmark_node *links[256], *node;
	size_t nr = 0, i;
	int level;

	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		node = cmark_iter_get_node(iter);
		if (cmark_node_get_type(node) == CMARK_NODE_LINK &&
		    nr < sizeof(links) / sizeof(links[0]) && (!nr || links[nr - 1] != node))
			links[nr++] = node;
	}
	cmark_iter_free(iter);
	iter = cmark_iter_new(document);
	while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
		node = cmark_iter_get_node(iter);
		level = cmark_node_get_type(node) == CMARK_NODE_HEADING
				? cmark_node_get_heading_level(node)
				: 0;
		if (level && !cmark_node_get_user_data(node)) {
			cmark_node_set_heading_level(node, level + deeper < 6 ? level + deeper : 6);
			cmark_node_set_user_data(node, (void *)(intptr_t)level);
		}
		if (cmark_node_get_type(node) == CMARK_NODE_IMAGE)
			take_picture_in(node, how->folder);
	}
	cmark_iter_free(iter);
	for (i = 0; i < nr; i++)
		lead(links[i], how);
}

static char *words_of(cmark_node *heading)
{
	char *text = cmark_render_plaintext(heading, CMARK_OPT_DEFAULT, 0);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

static void write_node(FILE *out, cmark_node *node)
{
	char *html = cmark_render_html(node, CMARK_OPT_DEFAULT, NULL);

	if (html)
		fputs(html, out);
	free(html);
}

static void write_all(FILE *out, cmark_node *document, const struct markdown *how)
{
	cmark_node *node;
	char *heading = NULL;
	bool lists = true, out_now = false;

	for (node = cmark_node_first_child(document); node; node = cmark_node_next(node)) {
		intptr_t level = (intptr_t)cmark_node_get_user_data(node);

		if (level == 1 || cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK)
			continue;
		if (level == 2) {
			free(heading);
			heading = words_of(node);
			out_now = how->left_out && how->left_out(how->data, heading ? heading : "");
			if (!out_now)
				how->section(how->data, out, heading ? heading : "");
			lists = !how->without_lists(how->data, heading ? heading : "");
		}
		if (out_now)
			continue;
		if (lists || cmark_node_get_type(node) != CMARK_NODE_LIST)
			write_node(out, node);
	}
	how->section(how->data, out, NULL);
	free(heading);
}

int markdown_write(FILE *out, const char *path, int deeper, const struct markdown *how)
{
	cmark_syntax_extension *tables;
	cmark_parser *parser;
	cmark_node *document;
	size_t size;
	char *text;
	int err = file_read(path, &text, &size);

	if (err)
		return err;
	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	tables = cmark_find_syntax_extension("table");
	if (tables)
		cmark_parser_attach_syntax_extension(parser, tables);
	cmark_parser_feed(parser, text, size);
	document = cmark_parser_finish(parser);
	change(document, deeper, how);
	write_all(out, document, how);
	cmark_node_free(document);
	cmark_parser_free(parser);
	free(text);
	return 0;
}
