import { z } from 'zod'
import type { Scope } from '../access/rules.ts'
import { configurationRoutes } from '../ai/routes.ts'
import { alertRoutes } from '../alerts/routes.ts'
import { auditRoutes } from '../audit/routes.ts'
import { categoryRoutes } from '../categories/routes.ts'
import { changeRoutes } from '../changes/routes.ts'
import { type Contract, contract, endpoint } from '../contract.ts'
import { generationRoutes } from '../generations/routes.ts'
import { getHealthContract, getLivenessContract, getReadinessContract } from '../health/contract.ts'
import { systemRoutes } from '../health/routes.ts'
import { keyRoutes } from '../keys/routes.ts'
import { labelRuleRoutes } from '../label-rules/routes.ts'
import { langfuseRoutes } from '../langfuse/routes.ts'
import { noteRoutes } from '../notes/routes.ts'
import { clientRoutes } from '../oauth/routes.ts'
import { outcomeRoutes } from '../outcomes/routes.ts'
import { AUTH_CONTRACTS } from '../people/auth/contracts.ts'
import { peopleRoutes } from '../people/routes.ts'
import { promptRoutes } from '../prompts/routes.ts'
import { repositoryHookContract } from '../repositories/contract.ts'
import { repositoryRoutes } from '../repositories/routes.ts'
import { getRuntime } from '../runtime.ts'
import { transferRoutes } from '../transfer/routes.ts'
import { usageRoutes } from '../usage/routes.ts'
import { viewRoutes } from '../views/routes.ts'
import { webhookRoutes } from '../webhooks/routes.ts'
import { keptDocument } from './kept-document.ts'
import { openApiDocument } from './openapi.ts'
import { ResourceTable } from './resource.ts'

const getOpenApiContract = contract({
  id: 'getOpenApi',
  method: 'GET',
  path: '/api/openapi.json',
  tag: 'Health',
  summary: 'This document',
  output: z.looseObject({ openapi: z.string() }),
  status: 200,
  kept: true,
  etag: true,
  errors: [],
})

/** The same bytes for every caller. */
async function getOpenApi() {
  return getRuntime().once('http.openapi', () => keptDocument(openApiDocument(DOCUMENTED, SCOPES)))
}

/** Every operation of the REST API, in the order of the document that describes it. */
export const ROUTES = [
  ...promptRoutes,
  ...categoryRoutes,
  ...transferRoutes,
  ...generationRoutes,
  ...configurationRoutes,
  ...usageRoutes,
  ...outcomeRoutes,
  ...noteRoutes,
  ...viewRoutes,
  ...alertRoutes,
  ...webhookRoutes,
  ...repositoryRoutes,
  ...changeRoutes,
  ...auditRoutes,
  ...peopleRoutes,
  ...keyRoutes,
  ...labelRuleRoutes,
  ...clientRoutes,
  ...langfuseRoutes,
  ...systemRoutes,
  endpoint(getOpenApiContract, getOpenApi, null),
]

/** Probes concern an instance and not a workspace: they have route files of their own. */
const PROBES = [getHealthContract, getLivenessContract, getReadinessContract]

/** The contracts of the operations. */
export const CONTRACTS: readonly Contract[] = ROUTES.map<Contract>(({ contract }) => contract).toSpliced(
  -1,
  0,
  ...PROBES,
)

/** Besides the operations, what git hosts tell, and what is below /api/auth for those who sign in. */
export const DOCUMENTED: readonly Contract[] = [...CONTRACTS, repositoryHookContract, ...AUTH_CONTRACTS]

/** What each operation asks for, by the id of its contract. */
export const SCOPES: ReadonlyMap<string, Scope> = new Map(
  ROUTES.flatMap(({ contract, scope }) => (scope === null ? [] : [[contract.id, scope] as const])),
)

/** The resources of REST, by the paths of requests. */
export const RESOURCES = new ResourceTable(ROUTES)
