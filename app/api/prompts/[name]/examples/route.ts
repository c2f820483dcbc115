import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'
import { createExampleContract, listExamplesContract } from '#lib/prompts/example-contract.ts'
import { createExample } from '#lib/prompts/operations/create-example.ts'
import { listExamples } from '#lib/prompts/operations/list-examples.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(listExamplesContract, listExamples), endpoint(createExampleContract, createExample)),
)
