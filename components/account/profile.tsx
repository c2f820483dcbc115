'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { ROLE_NAMES, ROLE_WORDS } from '#components/access/rights-words.ts'
import { FormDialog } from '#components/forms/form-dialog.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { focusAtOnce } from '#components/ui/focus-at-once.ts'
import { showToast } from '#components/ui/toast.ts'
import { EMAIL_LENGTH, NAME_LENGTH } from '#lib/people/rules.ts'
import type { Me } from '#lib/people/schema.ts'
import { call, send } from '#lib/rest/client.ts'
import { ME } from './queries.ts'
import { LINES_CLASS, Line, Section } from './section.tsx'

/** Name, e-mail and role. */
export function Profile({ me, person }: { me: Me; person: NonNullable<Me['person']> }) {
  const [open, setOpen] = useState<'name' | 'email'>()
  const close = () => setOpen(undefined)
  return (
    <Section id="profile" title="Profile" about="Others see your name beside what you change.">
      <div className={LINES_CLASS}>
        <Line title="Name" actions={<Change what="the name" onPress={() => setOpen('name')} />}>
          {person.name}
        </Line>
        <Line
          title="E-mail"
          badges={person.email_verified && <Badge>verified</Badge>}
          actions={<Change what="the e-mail" onPress={() => setOpen('email')} />}
        >
          {person.email}
        </Line>
        <Line title="Role">
          {ROLE_NAMES[me.role]}. {ROLE_WORDS[me.role]}
          {me.categories !== null && `; writes in ${me.categories.join(', ')}`}.
        </Line>
      </div>
      {open === 'name' && <NameDialog name={person.name} onClose={close} />}
      {open === 'email' && <EmailDialog email={person.email} onClose={close} />}
    </Section>
  )
}

function Change({ what, onPress }: { what: string; onPress: () => void }) {
  return (
    <Button aria-label={`Change ${what}`} onPress={onPress}>
      Change
    </Button>
  )
}

function NameDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const queries = useQueryClient()
  const router = useRouter()
  const form = useForm({
    values: { name },
    send: async (values) => {
      queries.setQueryData(ME, await call('PATCH /api/me', { body: values }))
      onClose()
      // The frame around the page shows it, too.
      router.refresh()
    },
  })
  return (
    <FormDialog title="Your name" form={form} action="Save" onClose={onClose}>
      <TextField
        form={form}
        field="name"
        label="Name"
        autoComplete="name"
        maxLength={NAME_LENGTH}
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}

function EmailDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const queries = useQueryClient()
  const router = useRouter()
  const form = useForm({
    values: { newEmail: email },
    send: async ({ newEmail }) => {
      const wanted = newEmail.trim().toLowerCase()
      await send('POST /api/auth/change-email', { body: { newEmail: wanted } })
      const me = await call('GET /api/me', {})
      queries.setQueryData(ME, me)
      onClose()
      router.refresh()
      const isChanged = me.person?.email === wanted
      showToast(
        isChanged
          ? { message: `You sign in as ${wanted} from now on.` }
          : {
              message: 'A link is on its way to the new address.',
              detail: 'The change holds when you open it.',
            },
      )
    },
  })
  return (
    <FormDialog title="Your e-mail" form={form} action="Save" onClose={onClose}>
      <TextField
        form={form}
        field="newEmail"
        label="New e-mail"
        type="email"
        hint="You sign in with it. Where this server sends mail, a link there confirms it first."
        autoComplete="email"
        maxLength={EMAIL_LENGTH}
        ref={focusAtOnce}
      />
    </FormDialog>
  )
}
