#ifndef FACET_CMARK_GFM_SHIM_H
#define FACET_CMARK_GFM_SHIM_H

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <string.h>

/* What a node is; core nodes and those of extensions in one list. */
enum {
    facet_other,
    facet_document,
    facet_block_quote,
    facet_list,
    facet_item,
    facet_task_item,
    facet_code_block,
    facet_html_block,
    facet_paragraph,
    facet_heading,
    facet_thematic_break,
    facet_table,
    facet_table_row,
    facet_table_cell,
    facet_text,
    facet_soft_break,
    facet_line_break,
    facet_code,
    facet_html,
    facet_emphasis,
    facet_strong,
    facet_strikethrough,
    facet_link,
    facet_image
};

static inline int facet_node_kind(cmark_node *node) {
    /* Numbers given out when the extensions are registered. */
    extern cmark_node_type CMARK_NODE_TABLE, CMARK_NODE_TABLE_ROW, CMARK_NODE_TABLE_CELL,
        CMARK_NODE_STRIKETHROUGH;
    cmark_node_type type = cmark_node_get_type(node);
    switch (type) {
    case CMARK_NODE_DOCUMENT: return facet_document;
    case CMARK_NODE_BLOCK_QUOTE: return facet_block_quote;
    case CMARK_NODE_LIST: return facet_list;
    case CMARK_NODE_ITEM:
        return strcmp(cmark_node_get_type_string(node), "tasklist") == 0 ? facet_task_item
                                                                         : facet_item;
    case CMARK_NODE_CODE_BLOCK: return facet_code_block;
    case CMARK_NODE_HTML_BLOCK: return facet_html_block;
    case CMARK_NODE_PARAGRAPH: return facet_paragraph;
    case CMARK_NODE_HEADING: return facet_heading;
    case CMARK_NODE_THEMATIC_BREAK: return facet_thematic_break;
    case CMARK_NODE_TEXT: return facet_text;
    case CMARK_NODE_SOFTBREAK: return facet_soft_break;
    case CMARK_NODE_LINEBREAK: return facet_line_break;
    case CMARK_NODE_CODE: return facet_code;
    case CMARK_NODE_HTML_INLINE: return facet_html;
    case CMARK_NODE_EMPH: return facet_emphasis;
    case CMARK_NODE_STRONG: return facet_strong;
    case CMARK_NODE_LINK: return facet_link;
    case CMARK_NODE_IMAGE: return facet_image;
    default: break;
    }
    if (type == CMARK_NODE_TABLE) return facet_table;
    if (type == CMARK_NODE_TABLE_ROW) return facet_table_row;
    if (type == CMARK_NODE_TABLE_CELL) return facet_table_cell;
    if (type == CMARK_NODE_STRIKETHROUGH) return facet_strikethrough;
    return facet_other;
}

/* A parser with the extensions that change how text reads. */
static inline cmark_parser *facet_parser_new(void) {
    static const char *const names[] = {"table", "strikethrough", "tasklist", "autolink"};
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    for (int i = 0; i < 4; i++) {
        cmark_syntax_extension *extension = cmark_find_syntax_extension(names[i]);
        if (extension) cmark_parser_attach_syntax_extension(parser, extension);
    }
    return parser;
}

#endif
