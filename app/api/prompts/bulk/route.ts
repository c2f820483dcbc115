import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { bulkPromptsContract } from '#lib/prompts/bulk-contract.ts'
import { archivePromptContract, getPromptContract, patchPromptContract } from '#lib/prompts/contract.ts'
import { archivePrompt } from '#lib/prompts/operations/archive-prompt.ts'
import { bulkPrompts } from '#lib/prompts/operations/bulk-prompts.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { patchPrompt } from '#lib/prompts/operations/patch-prompt.ts'

/** Only POST means many prompts: the other methods are those of a prompt that is named "bulk". */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(
    endpoint(bulkPromptsContract, bulkPrompts),
    endpoint(getPromptContract, getPrompt),
    endpoint(patchPromptContract, patchPrompt),
    endpoint(archivePromptContract, archivePrompt),
  ),
)
