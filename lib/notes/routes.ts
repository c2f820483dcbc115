import { endpoint } from '../contract.ts'
import { createNoteContract, deleteNoteContract, listNotesContract } from './contract.ts'
import { createNote } from './operations/create-note.ts'
import { deleteNote } from './operations/delete-note.ts'
import { listNotes } from './operations/list-notes.ts'

/** The REST endpoints of notes, in the order of the OpenAPI document. */
export const noteRoutes = [
  endpoint(listNotesContract, listNotes, 'usage:read'),
  endpoint(createNoteContract, createNote, 'prompts:write'),
  endpoint(deleteNoteContract, deleteNote, 'prompts:write'),
]
