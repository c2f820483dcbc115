import { createConfigurationContract, listConfigurationsContract } from '#lib/ai/contract.ts'
import { createConfiguration } from '#lib/ai/operations/create-configuration.ts'
import { listConfigurations } from '#lib/ai/operations/list-configurations.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(
    endpoint(listConfigurationsContract, listConfigurations),
    endpoint(createConfigurationContract, createConfiguration),
  ),
)
