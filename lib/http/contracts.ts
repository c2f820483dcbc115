import {
  createConfigurationContract,
  deleteConfigurationContract,
  getCatalogueContract,
  getConfigurationContract,
  listConfigurationsContract,
  patchConfigurationContract,
  testConfigurationContract,
} from '../ai/contract.ts'
import { listAuditContract } from '../audit/contract.ts'
import {
  createCategoryContract,
  deleteCategoryContract,
  listCategoriesContract,
  mergeCategoryContract,
  orderCategoriesContract,
  patchCategoryContract,
} from '../categories/contract.ts'
import { followChangesContract } from '../changes/contract.ts'
import type { Contract } from '../contract.ts'
import {
  cancelBatchContract,
  cancelGenerationContract,
  followGenerationContract,
  getBatchContract,
  getGenerationContract,
  listBatchesContract,
  listGenerationsContract,
  requestBatchContract,
  requestGenerationContract,
  retryGenerationContract,
} from '../generations/contract.ts'
import { getHealthContract, getLivenessContract, getReadinessContract } from '../health/contract.ts'
import { bulkPromptsContract } from '../prompts/bulk-contract.ts'
import {
  archivePromptContract,
  createPromptContract,
  duplicatePromptContract,
  getPromptContract,
  listUsedByContract,
  patchPromptContract,
} from '../prompts/contract.ts'
import { diffVersionsContract } from '../prompts/diff-contract.ts'
import {
  createExampleContract,
  deleteExampleContract,
  listExamplesContract,
  replaceExampleContract,
} from '../prompts/example-contract.ts'
import { deleteLabelContract, listLabelsContract, setLabelContract } from '../prompts/label-contract.ts'
import { listPromptsContract, listTagsContract } from '../prompts/list-contract.ts'
import {
  renderDraftContract,
  renderPromptByQueryContract,
  renderPromptContract,
} from '../prompts/render-contract.ts'
import {
  createVersionContract,
  getVersionContract,
  listVersionsContract,
} from '../prompts/version-contract.ts'
import { getStatsContract, getTimeseriesContract } from '../usage/contract.ts'
import { getOpenApiContract } from './openapi-contract.ts'

/** Every operation of the REST API, in the order of the document that describes it. */
export const CONTRACTS: readonly Contract[] = [
  listPromptsContract,
  createPromptContract,
  getPromptContract,
  patchPromptContract,
  archivePromptContract,
  duplicatePromptContract,
  listUsedByContract,
  bulkPromptsContract,
  listTagsContract,
  listVersionsContract,
  createVersionContract,
  getVersionContract,
  diffVersionsContract,
  listLabelsContract,
  setLabelContract,
  deleteLabelContract,
  listExamplesContract,
  createExampleContract,
  replaceExampleContract,
  deleteExampleContract,
  renderPromptByQueryContract,
  renderPromptContract,
  renderDraftContract,
  listCategoriesContract,
  createCategoryContract,
  patchCategoryContract,
  deleteCategoryContract,
  mergeCategoryContract,
  orderCategoriesContract,
  listGenerationsContract,
  requestGenerationContract,
  getGenerationContract,
  cancelGenerationContract,
  retryGenerationContract,
  followGenerationContract,
  listBatchesContract,
  requestBatchContract,
  getBatchContract,
  cancelBatchContract,
  listConfigurationsContract,
  createConfigurationContract,
  getConfigurationContract,
  patchConfigurationContract,
  deleteConfigurationContract,
  testConfigurationContract,
  getCatalogueContract,
  getStatsContract,
  getTimeseriesContract,
  followChangesContract,
  listAuditContract,
  getHealthContract,
  getLivenessContract,
  getReadinessContract,
  getOpenApiContract,
]
