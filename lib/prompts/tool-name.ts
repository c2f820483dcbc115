/** Tools that the server brings along; a prompt that is published as a tool takes none of these names. */
export const BUILT_IN_TOOLS: ReadonlySet<string> = new Set([
  'render_prompt',
  'create_prompt_template',
  'search_prompts',
  'get_prompt',
  'update_prompt_template',
  'list_categories',
  'generate',
  'get_generation',
])
