import { z } from 'zod'
import { PageQuery, pageOf } from '../page.ts'
import { storedText } from '../prompts/content/content.ts'
import { PromptName } from '../prompts/name.ts'
import { Author } from '../prompts/schema.ts'
import { Moment } from '../time.ts'
import { NOTE_LENGTH } from './rules.ts'

export const NotesQuery = z.strictObject({
  from: Moment.optional().describe('Notes from this moment on'),
  to: Moment.optional().describe('Notes before this moment'),
  prompt: PromptName.optional().describe('Those about this prompt, and those about everything'),
  ...PageQuery.shape,
})
export type NotesQuery = z.infer<typeof NotesQuery>

export const CreateNoteInput = z.strictObject({
  text: storedText(NOTE_LENGTH)
    .transform((text) => text.trim())
    .pipe(z.string().min(1, 'A note needs a text')),
  at: Moment.optional().describe('When it happened; now, when it is left out'),
  prompt: PromptName.optional().describe('The prompt that it is about; left out: everything'),
})
export type CreateNoteInput = z.infer<typeof CreateNoteInput>

export const NotePath = z.strictObject({ id: z.uuid() })

/** What somebody noted on the time line of usage. */
export const Note = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  text: z.string(),
  prompt: z.string().nullable().describe('null: it is about everything'),
  author: Author,
  created_at: z.iso.datetime(),
})
export type Note = z.infer<typeof Note>

export const NotePage = pageOf(Note)
export type NotePage = z.infer<typeof NotePage>
