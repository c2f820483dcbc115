import { contract } from '../contract.ts'
import {
  ClientPage,
  ClientPath,
  ConsentAnswer,
  ConsentInput,
  CreateClientInput,
  ListClientsQuery,
  NewClient,
} from './schema.ts'

const TAG = 'Clients'

export const listClientsContract = contract({
  id: 'listClients',
  method: 'GET',
  path: '/api/clients',
  tag: TAG,
  summary: 'List connected clients, the newest first',
  description: 'Those that act for you; whoever manages members sees all of the workspace, services too.',
  query: ListClientsQuery,
  output: ClientPage,
  status: 200,
  errors: ['forbidden'],
})

export const createClientContract = contract({
  id: 'createClient',
  method: 'POST',
  path: '/api/clients',
  tag: TAG,
  summary: 'Make a client',
  description:
    'For programs that cannot register themselves, and for services. Needs a fresh sign-in. The answer holds the secret of a service this once.',
  body: CreateClientInput,
  output: NewClient,
  status: 201,
  errors: ['forbidden', 'unprocessable'],
})

export const deleteClientContract = contract({
  id: 'deleteClient',
  method: 'DELETE',
  path: '/api/clients/{id}',
  tag: TAG,
  summary: 'Cut a client off',
  description: 'Its tokens are refused everywhere within two seconds, and its open streams end.',
  params: ClientPath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})

export const giveConsentContract = contract({
  id: 'giveConsent',
  method: 'POST',
  path: '/api/clients/consent',
  tag: TAG,
  summary: 'Allow or deny what a client asks for',
  description: 'What the consent page sends, to which the authorization endpoint leads.',
  body: ConsentInput,
  output: ConsentAnswer,
  status: 200,
  errors: ['forbidden', 'conflict', 'unprocessable'],
})
