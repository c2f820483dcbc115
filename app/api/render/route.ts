import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { renderDraft } from '#lib/prompts/operations/render-draft.ts'
import { renderDraftContract } from '#lib/prompts/render-contract.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(renderDraftContract, renderDraft)),
)
