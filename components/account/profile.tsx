'use client'

import { useState } from 'react'
import { ROLE_NAMES, ROLE_WORDS } from '#components/access/rights-words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import type { Me } from '#lib/people/schema.ts'
import { LINES_CLASS, Line, Section } from './section.tsx'

const NameDialog = dialogPart(
  async () => (await import('./profile-dialogs.tsx')).NameDialog,
  ({ onClose }) => onClose(),
)
const EmailDialog = dialogPart(
  async () => (await import('./profile-dialogs.tsx')).EmailDialog,
  ({ onClose }) => onClose(),
)

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
