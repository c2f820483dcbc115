import {
  deleteConfigurationContract,
  getConfigurationContract,
  patchConfigurationContract,
} from '#lib/ai/contract.ts'
import { deleteConfiguration } from '#lib/ai/operations/delete-configuration.ts'
import { getConfiguration } from '#lib/ai/operations/get-configuration.ts'
import { patchConfiguration } from '#lib/ai/operations/patch-configuration.ts'
import { endpoint, resource } from '#lib/http/endpoint.ts'
import { route } from '#lib/http/route.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route(
  resource(
    endpoint(getConfigurationContract, getConfiguration),
    endpoint(patchConfigurationContract, patchConfiguration),
    endpoint(deleteConfigurationContract, deleteConfiguration),
  ),
)
