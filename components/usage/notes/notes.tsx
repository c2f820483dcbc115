'use client'

import { useQuery } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { useMay, usePerson } from '#components/access/person.tsx'
import { useAttempt } from '#components/forms/use-attempt.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { Button } from '#components/ui/button.tsx'
import { lastingPart } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Note } from '#lib/notes/schema.ts'
import { call } from '#lib/rest/client.ts'
import { MarkSign } from '../charts/axes.tsx'
import { notesQuery } from './notes-query.ts'

const NoteDialog = dynamic(
  lastingPart(async () => (await import('./note-dialog.tsx')).NoteDialog),
  { ssr: false },
)

/** What people noted on the time line, newest first, and a form for another note. */
export function Notes({
  span,
  prompt,
  zone,
}: {
  span: { from: string; to: string }
  prompt: string | null
  zone: string
}) {
  const notes = useQuery(notesQuery(span, prompt)).data ?? []
  const mayWrite = useMay('prompts:write')
  const [isOpen, setOpen] = useState(false)
  if (notes.length === 0 && !mayWrite) return null
  return (
    <section aria-labelledby="notes-heading">
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="notes-heading" className="font-serif text-xl">
          Notes
        </h2>
        {mayWrite && (
          <Button look="quiet" onPress={() => setOpen(true)}>
            <Plus aria-hidden="true" />
            Add a note
          </Button>
        )}
      </div>
      {notes.length === 0 ? (
        <p className="text-ink-soft text-sm">
          Nothing was noted in this span. A note stands on the charts for everybody, beside the releases.
        </p>
      ) : (
        <ol className="max-h-72 divide-y divide-line overflow-auto border-line border-y">
          {notes.map((note) => (
            <NoteItem key={note.id} note={note} zone={zone} />
          ))}
        </ol>
      )}
      {isOpen && <NoteDialog prompt={prompt} zone={zone} onClose={() => setOpen(false)} />}
    </section>
  )
}

function NoteItem({ note: { id, at, text, prompt, author }, zone }: { note: Note; zone: string }) {
  const attempt = useAttempt(['notes'])
  const mayDelete = useMay('settings:write')
  const person = usePerson()
  const { moment } = timeWords(zone)
  const remove = async () => {
    await call('DELETE /api/notes/{id}', { params: { id } })
    showToast({ message: 'The note is deleted.' })
  }
  return (
    <li className="flex items-start gap-3 py-2 text-sm">
      <span className="mt-1.5">
        <MarkSign kind="note" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="[overflow-wrap:anywhere]">{text}</p>
        <p className="text-ink-faint text-xs">
          <time dateTime={at}>{moment(at)}</time> · {author.display}
          {prompt !== null && ` · ${prompt}`}
        </p>
      </div>
      {(mayDelete || person.id === author.id) && (
        <Button
          look="quiet"
          aria-label={`Delete the note ${text.slice(0, 60)}`}
          onPress={() => void attempt(remove, 'The note was not deleted.')}
        >
          <Trash2 aria-hidden="true" />
        </Button>
      )}
    </li>
  )
}
