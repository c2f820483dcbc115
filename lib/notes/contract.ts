import { contract } from '../contract.ts'
import { CreateNoteInput, Note, NotePage, NotePath, NotesQuery } from './schema.ts'

const TAG = 'Usage'

export const listNotesContract = contract({
  id: 'listNotes',
  method: 'GET',
  path: '/api/notes',
  tag: TAG,
  summary: 'List the notes on the time line of usage, newest first',
  query: NotesQuery,
  output: NotePage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const createNoteContract = contract({
  id: 'createNote',
  method: 'POST',
  path: '/api/notes',
  tag: TAG,
  summary: 'Note on the time line of usage what happened',
  description:
    'Everybody who reads usage sees it beside the releases. A deployment can note itself with a key.',
  body: CreateNoteInput,
  output: Note,
  status: 201,
  errors: ['forbidden', 'not_found', 'too_large'],
  idempotent: true,
})

export const deleteNoteContract = contract({
  id: 'deleteNote',
  method: 'DELETE',
  path: '/api/notes/{id}',
  tag: TAG,
  summary: 'Delete a note',
  description: 'By its author, and by those who change settings.',
  params: NotePath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})
