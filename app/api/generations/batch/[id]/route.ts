import { getBatchContract } from '#lib/generations/contract.ts'
import { getBatch } from '#lib/generations/operations/get-batch.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(getBatchContract, getBatch)),
)
