/**
 * Names of the tools that the MCP server brings along, those of coming releases included. A prompt that
 * is published as a tool is called by its own name, so it may bear none of these.
 */
export const BUILT_IN_TOOL_NAMES: ReadonlySet<string> = new Set([
  'render_prompt',
  'create_prompt_template',
  'search_prompts',
  'get_prompt',
  'update_prompt_template',
  'list_categories',
  'generate',
  'get_generation',
])
