'use client'

import { Search } from 'lucide-react'
import Form from 'next/form'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { cutText } from '#lib/text.ts'
import { WaysOn } from './ways-on.tsx'

/** An address that leads nowhere: search for its words, or go on from where one was. */
export function NoSuchPage() {
  const pathname = usePathname()
  const [words] = useState(() => wordsOf(pathname))
  return (
    <div className="flex flex-col items-start gap-5 py-20">
      <h1 className="rubricated font-serif text-4xl tracking-tight sm:text-5xl">Nothing is here</h1>
      <p className="max-w-prose break-words text-ink-soft">
        <code className="break-all font-mono text-ink text-sm">{pathname}</code> is no page of this workbench.
        It may be a prompt that was renamed or archived: search for it.
      </p>
      <Form action="/prompts" className="flex w-full max-w-md gap-2">
        <TextInput
          type="search"
          name="q"
          aria-label="Search the prompts"
          defaultValue={words}
          maxLength={200}
        />
        <Button type="submit" look="primary" className="h-9">
          <Search aria-hidden="true" />
          Search
        </Button>
      </Form>
      <WaysOn />
    </div>
  )
}

/** `/prompt/api-design/` was probably about `api design`. */
function wordsOf(pathname: string): string {
  const last = pathname.split('/').findLast((part) => part !== '') ?? ''
  try {
    return cutText(decodeURIComponent(last).replaceAll(/[_-]+/g, ' '), 200).trim()
  } catch {
    return ''
  }
}
