'use client'

import { TextField } from '#components/forms/text-field.tsx'
import { type Faults, useForm } from '#components/forms/use-form.ts'
import { Button } from '#components/ui/button.tsx'
import type { ImportSource } from '#lib/transfer/schema.ts'

const SECRET = { type: 'password', autoComplete: 'off', 'data-1p-ignore': '' } as const

/** Asks for a Langfuse project, to fetch its prompts with their labels and versions. */
export function LangfuseForm({ onFetch }: { onFetch: (source: ImportSource) => void }) {
  const form = useForm({
    values: { url: 'https://cloud.langfuse.com', public_key: '', secret_key: '' },
    check: ({ url, public_key: open, secret_key: secret }) => ({
      url: addressFault(url),
      public_key: open.trim() === '' ? 'It begins with pk-lf.' : undefined,
      secret_key: secret.trim() === '' ? 'It begins with sk-lf.' : undefined,
    }),
    send: ({ url, public_key, secret_key }) =>
      onFetch({
        kind: 'langfuse',
        url: url.trim(),
        public_key: public_key.trim(),
        secret_key: secret_key.trim(),
      }),
  })
  return (
    <form noValidate onSubmit={form.submit} autoComplete="off" className="flex max-w-xl flex-col gap-5">
      <TextField form={form} field="url" label="Address" inputMode="url" />
      <TextField form={form} field="public_key" label="Public key" placeholder="pk-lf-…" />
      <TextField
        form={form}
        field="secret_key"
        label="Secret key"
        placeholder="sk-lf-…"
        hint="Used for this import alone: it is neither kept nor logged."
        {...SECRET}
      />
      <FetchButton />
    </form>
  )
}

/** Asks for another MCP server, to fetch its prompts. */
export function McpForm({ onFetch }: { onFetch: (source: ImportSource) => void }) {
  const form = useForm({
    values: { url: '', headers: '' },
    check: ({ url, headers }): Faults<{ url: string; headers: string }> => ({
      url: addressFault(url),
      headers: readHeaders(headers).fault,
    }),
    send: ({ url, headers }) => {
      const { fields } = readHeaders(headers)
      const some = Object.keys(fields).length > 0 && { headers: fields }
      onFetch({ kind: 'mcp', url: url.trim(), ...some })
    },
  })
  return (
    <form noValidate onSubmit={form.submit} autoComplete="off" className="flex max-w-xl flex-col gap-5">
      <TextField
        form={form}
        field="url"
        label="Address of the endpoint"
        placeholder="https://example.org/mcp"
        inputMode="url"
      />
      <TextField
        form={form}
        field="headers"
        label="Headers"
        rows={3}
        hint="One a line, such as “Authorization: Bearer …”. They are neither kept nor logged."
      />
      <FetchButton />
    </form>
  )
}

function FetchButton() {
  return (
    <Button look="primary" type="submit" className="self-start">
      Look at its prompts
    </Button>
  )
}

function addressFault(text: string): string | undefined {
  try {
    if (/^https?:$/.test(new URL(text.trim()).protocol)) return undefined
  } catch {
    // The same words for all that is no address.
  }
  return 'This is no address: it begins with https:// or http://.'
}

const HEADER = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*)$/

/** Reads typed headers, one a line. */
export function readHeaders(text: string): { fields: Record<string, string>; fault?: string } {
  const fields: Record<string, string> = {}
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const [, name, value] = HEADER.exec(line.trim()) ?? []
    if (name === undefined || value === undefined)
      return { fields, fault: `Line ${at + 1} is no header: write “Name: value”.` }
    fields[name] = value
  }
  return { fields }
}
