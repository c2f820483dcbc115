import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { deleteLabelContract, setLabelContract } from '#lib/prompts/label-contract.ts'
import { deleteLabel } from '#lib/prompts/operations/delete-label.ts'
import { setLabel } from '#lib/prompts/operations/set-label.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(setLabelContract, setLabel), endpoint(deleteLabelContract, deleteLabel)),
)
