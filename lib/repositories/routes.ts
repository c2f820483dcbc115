import { endpoint } from '../contract.ts'
import {
  createRepositoryContract,
  deleteRepositoryContract,
  getRepositoryContract,
  listRepositoriesContract,
  patchRepositoryContract,
  rotateRepositorySecretContract,
  syncRepositoryContract,
} from './contract.ts'
import { createRepository } from './operations/create-repository.ts'
import { deleteRepository } from './operations/delete-repository.ts'
import { getRepository } from './operations/get-repository.ts'
import { listRepositories } from './operations/list-repositories.ts'
import { patchRepository } from './operations/patch-repository.ts'
import { rotateRepositorySecret } from './operations/rotate-repository-secret.ts'
import { syncRepository } from './operations/sync-repository.ts'

/** What REST offers of repositories, in the order of its document. */
export const repositoryRoutes = [
  endpoint(listRepositoriesContract, listRepositories, 'settings:write'),
  endpoint(createRepositoryContract, createRepository, 'settings:write'),
  endpoint(getRepositoryContract, getRepository, 'settings:write'),
  endpoint(patchRepositoryContract, patchRepository, 'settings:write'),
  endpoint(deleteRepositoryContract, deleteRepository, 'settings:write'),
  endpoint(rotateRepositorySecretContract, rotateRepositorySecret, 'settings:write'),
  endpoint(syncRepositoryContract, syncRepository, 'settings:write'),
]
