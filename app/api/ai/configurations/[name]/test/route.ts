import { testConfigurationContract } from '#lib/ai/contract.ts'
import { testConfiguration } from '#lib/ai/operations/test-configuration.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(endpoint(testConfigurationContract, testConfiguration)),
)
