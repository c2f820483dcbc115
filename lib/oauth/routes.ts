import { endpoint } from '../contract.ts'
import {
  createClientContract,
  deleteClientContract,
  giveConsentContract,
  listClientsContract,
} from './contract.ts'
import { createClient } from './operations/create-client.ts'
import { deleteClient } from './operations/delete-client.ts'
import { giveConsent } from './operations/give-consent.ts'
import { listClients } from './operations/list-clients.ts'

/** What REST offers of OAuth clients, in the order of its document. */
export const clientRoutes = [
  endpoint(listClientsContract, listClients, 'prompts:read'),
  endpoint(createClientContract, createClient, 'members:write'),
  endpoint(deleteClientContract, deleteClient, 'prompts:read'),
  endpoint(giveConsentContract, giveConsent, 'prompts:read'),
]
