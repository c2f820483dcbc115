import { contract, DELETE_ONE, READ_ONE } from '../contract.ts'
import {
  AIConfiguration,
  Catalogue,
  ConfigurationPage,
  ConfigurationPath,
  ConfigurationTest,
  CreateConfigurationInput,
  CurrentConfigurationPath,
  ListConfigurationsQuery,
  PatchConfigurationInput,
  TestConfigurationInput,
} from './schema.ts'

const TAG = 'AI configurations'

export const listConfigurationsContract = contract({
  id: 'listAIConfigurations',
  method: 'GET',
  path: '/api/ai/configurations',
  tag: TAG,
  summary: 'List the AI configurations, by name',
  query: ListConfigurationsQuery,
  output: ConfigurationPage,
  status: 200,
  errors: ['forbidden'],
})

export const createConfigurationContract = contract({
  id: 'createAIConfiguration',
  method: 'POST',
  path: '/api/ai/configurations',
  tag: TAG,
  summary: 'Create an AI configuration',
  description: 'A key is stored sealed and never returned. Addresses of private networks are refused.',
  body: CreateConfigurationInput,
  output: AIConfiguration,
  status: 201,
  errors: ['forbidden', 'conflict', 'unprocessable'],
  etag: true,
  idempotent: true,
  location: (configuration) => `/api/ai/configurations/${configuration.name}`,
})

export const getConfigurationContract = contract({
  id: 'getAIConfiguration',
  method: 'GET',
  path: '/api/ai/configurations/{name}',
  tag: TAG,
  summary: 'Read an AI configuration',
  params: ConfigurationPath,
  output: AIConfiguration,
  ...READ_ONE,
})

export const patchConfigurationContract = contract({
  id: 'patchAIConfiguration',
  method: 'PATCH',
  path: '/api/ai/configurations/{name}',
  tag: TAG,
  summary: 'Change an AI configuration',
  params: CurrentConfigurationPath,
  body: PatchConfigurationInput,
  output: AIConfiguration,
  status: 200,
  errors: [
    'forbidden',
    'not_found',
    'conflict',
    'precondition_required',
    'precondition_failed',
    'unprocessable',
  ],
  etag: true,
  ifMatch: true,
})

export const deleteConfigurationContract = contract({
  id: 'deleteAIConfiguration',
  method: 'DELETE',
  path: '/api/ai/configurations/{name}',
  tag: TAG,
  summary: 'Delete an AI configuration',
  description: 'What it generated stays; configurations that fell back to it have no fallback any more.',
  params: ConfigurationPath,
  ...DELETE_ONE,
})

export const testConfigurationContract = contract({
  id: 'testAIConfiguration',
  method: 'POST',
  path: '/api/ai/configurations/{name}/test',
  tag: TAG,
  summary: 'Make a real call with an AI configuration',
  description: 'It is paid for like any other. What the provider refused is told in `error`.',
  params: ConfigurationPath,
  body: TestConfigurationInput,
  output: ConfigurationTest,
  status: 200,
  errors: ['forbidden', 'not_found', 'rate_limited', 'quota_exceeded'],
})

export const getCatalogueContract = contract({
  id: 'getAICatalogue',
  method: 'GET',
  path: '/api/ai/catalogue',
  tag: TAG,
  summary: 'List providers and their current models, with sizes and prices',
  description: 'Made by hand on the day of `as_of`; the configuration key ai.catalogue adds to it.',
  output: Catalogue,
  status: 200,
  errors: ['forbidden'],
})
