# SPDX-License-Identifier: GPL-2.0
# Puts style and script into the page. A <style> begins after its tag's line break, which is part of
# what the browser hashes: the files begin with that empty line, and it is not put in twice.
function put(file,   line)
{
	getline line <file
	while ((getline line <file) > 0)
		print line
}
$0 == "@STYLE@" { put(css); next }
$0 == "@SCRIPT@" { put(js); next }
{
	sub(/@STYLE_HASH@/, css_hash)
	sub(/@SCRIPT_HASH@/, js_hash)
	print
}
