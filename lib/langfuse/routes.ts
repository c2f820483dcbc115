import { endpoint } from '../contract.ts'
import {
  getLangfuseHealthContract,
  getLangfusePromptContract,
  listLangfusePromptsContract,
} from './contract.ts'
import { getLangfuseHealth } from './operations/get-langfuse-health.ts'
import { getLangfusePrompt } from './operations/get-langfuse-prompt.ts'
import { listLangfusePrompts } from './operations/list-langfuse-prompts.ts'

/** What Langfuse's clients read, in the order of the OpenAPI document. */
export const langfuseRoutes = [
  endpoint(getLangfusePromptContract, getLangfusePrompt, 'prompts:read'),
  endpoint(listLangfusePromptsContract, listLangfusePrompts, 'prompts:read'),
  endpoint(getLangfuseHealthContract, getLangfuseHealth, 'prompts:read'),
]
