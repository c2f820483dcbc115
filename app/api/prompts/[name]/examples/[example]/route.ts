import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { deleteExampleContract, replaceExampleContract } from '#lib/prompts/example-contract.ts'
import { deleteExample } from '#lib/prompts/operations/delete-example.ts'
import { replaceExample } from '#lib/prompts/operations/replace-example.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(replaceExampleContract, replaceExample), endpoint(deleteExampleContract, deleteExample)),
)
