import { endpoint } from '../contract.ts'
import {
  createConfigurationContract,
  deleteConfigurationContract,
  getCatalogueContract,
  getConfigurationContract,
  listConfigurationsContract,
  patchConfigurationContract,
  testConfigurationContract,
} from './contract.ts'
import { createConfiguration } from './operations/create-configuration.ts'
import { deleteConfiguration } from './operations/delete-configuration.ts'
import { getCatalogue } from './operations/get-catalogue.ts'
import { getConfiguration } from './operations/get-configuration.ts'
import { listConfigurations } from './operations/list-configurations.ts'
import { patchConfiguration } from './operations/patch-configuration.ts'
import { testConfiguration } from './operations/test-configuration.ts'

/** What REST offers of configurations of models, in the order of its document. */
export const configurationRoutes = [
  endpoint(listConfigurationsContract, listConfigurations, 'ai:read'),
  endpoint(createConfigurationContract, createConfiguration, 'ai:write'),
  endpoint(getConfigurationContract, getConfiguration, 'ai:read'),
  endpoint(patchConfigurationContract, patchConfiguration, 'ai:write'),
  endpoint(deleteConfigurationContract, deleteConfiguration, 'ai:write'),
  endpoint(testConfigurationContract, testConfiguration, 'ai:write'),
  endpoint(getCatalogueContract, getCatalogue, 'ai:read'),
]
