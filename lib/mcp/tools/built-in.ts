import { createPromptTemplateTool } from './create-prompt-template.ts'
import { generateTool } from './generate.ts'
import { getGenerationTool } from './get-generation.ts'
import { getPromptTool } from './get-prompt.ts'
import { listCategoriesTool } from './list-categories.ts'
import { renderPromptTool } from './render-prompt.ts'
import { searchPromptsTool } from './search-prompts.ts'
import type { BuiltInTool } from './tool.ts'
import { updatePromptTemplateTool } from './update-prompt-template.ts'

/** The tools of the server itself, in the order of `tools/list`. */
export const BUILT_IN_TOOLS: readonly BuiltInTool[] = [
  searchPromptsTool,
  getPromptTool,
  renderPromptTool,
  createPromptTemplateTool,
  updatePromptTemplateTool,
  listCategoriesTool,
  generateTool,
  getGenerationTool,
]
