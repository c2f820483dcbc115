'use client'

import { Ban, Download, Ellipsis, Eraser, KeyRound, Pencil, Undo2, UserMinus } from 'lucide-react'
import { categoriesText } from '#components/access/categories-text.ts'
import type { Person } from '#components/access/person.tsx'
import { ROLE_NAMES } from '#components/access/rights-words.ts'
import { Badge } from '#components/ui/badge.tsx'
import { Button } from '#components/ui/button.tsx'
import { formatAgo, formatMoment } from '#components/ui/format.ts'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import { Select } from '#components/ui/overlays/select.tsx'
import type { Member } from '#lib/people/schema.ts'
import type { MemberDialogState } from './member-board.tsx'
import { mayChange, roleChoices } from './role-choices.ts'
import type { MemberEdits } from './use-member-edits.ts'

const ONLY_OWNERS = 'Only an owner changes admins and owners.'

interface MemberRowProps {
  member: Member
  /** Who looks at the list. */
  self: Person
  categories: readonly { slug: string; name: string }[] | undefined
  now: number
  edits: MemberEdits
  onOpen: (dialog: MemberDialogState) => void
}

/** One member: who it is, the role, and what can be done. */
export function MemberRow(props: MemberRowProps) {
  const { member, self, categories, now } = props
  const { id, last_seen_at: seen } = member
  return (
    <div className="grid items-center gap-x-6 gap-y-2 py-3 sm:grid-cols-[minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <Name {...props} />
        <p className="text-ink-faint text-xs [overflow-wrap:anywhere]">{member.email}</p>
        <p className="mt-1 flex flex-wrap gap-x-3 text-ink-faint text-xs">
          <span>{member.second_factor ? 'Second factor on' : 'No second factor'}</span>
          <span>
            {seen === null ? (
              'Never seen'
            ) : (
              <time dateTime={seen} title={formatMoment(seen)}>
                Seen {formatAgo(seen, now)}
              </time>
            )}
          </span>
          {member.deactivated_at !== null && (
            <time dateTime={member.deactivated_at} title={formatMoment(member.deactivated_at)}>
              Deactivated {formatAgo(member.deactivated_at, now)}
              {member.deactivated_by && ` by ${member.deactivated_by.display}`}
            </time>
          )}
          {member.categories !== null && (
            <span>Writes in {categoriesText(member.categories, categories)}</span>
          )}
        </p>
      </div>
      <div className="flex items-center gap-1">
        <RoleMenu {...props} />
        {id === self.id ? <span className="w-8 max-sm:hidden" /> : <ActionsMenu {...props} />}
      </div>
    </div>
  )
}

function Name({ member, self, onOpen }: MemberRowProps) {
  const { id, name, deactivated } = member
  return (
    <h3 className="flex flex-wrap items-center gap-2 font-medium text-sm">
      <button
        type="button"
        data-row-link={id}
        onClick={() => onOpen({ kind: 'edit', member })}
        className="rounded text-left outline-offset-4 [overflow-wrap:anywhere] hover:text-rubric"
      >
        {name}
      </button>
      {id === self.id && <Badge>you</Badge>}
      {deactivated && <Badge tone="rubric">deactivated</Badge>}
    </h3>
  )
}

/** Roles above one's own are not given. */
function RoleMenu({ member, self, edits }: MemberRowProps) {
  const { name, role } = member
  if (!mayChange(self.role, role))
    return (
      <span className="w-32 px-3 text-ink-soft text-sm" title={ONLY_OWNERS}>
        {ROLE_NAMES[role]}
      </span>
    )
  return (
    <Select
      aria-label={`Role of ${name}`}
      className="w-32"
      choices={roleChoices(self.role)}
      value={role}
      onChange={(chosen) => {
        const next = roleChoices(self.role).find(({ id }) => id === chosen)
        if (next) void edits.edit(member, { role: next.id }, `${name} has the role ${next.id} now.`)
      }}
    />
  )
}

function ActionsMenu({ member, self, edits, onOpen }: MemberRowProps) {
  const { name, deactivated, role } = member
  if (!mayChange(self.role, role))
    return (
      <Button look="quiet" square aria-label={`Actions for ${name}`} reason={ONLY_OWNERS}>
        <Ellipsis aria-hidden="true" />
      </Button>
    )
  const run = (key: string) => {
    if (key === 'activate') void edits.edit(member, { deactivated: false }, `${name} can sign in again.`)
    else if (key === 'export') window.location.assign(`/api/members/${member.id}/export`)
    else onOpen({ kind: key as 'edit' | 'reset' | 'deactivate' | 'remove' | 'erase', member })
  }
  return (
    <Menu
      aria-label={`Actions for ${name}`}
      onAction={(key) => run(String(key))}
      trigger={
        <Button look="quiet" square aria-label={`Actions for ${name}`}>
          <Ellipsis aria-hidden="true" />
        </Button>
      }
    >
      {itemsOf(self, deactivated).map(({ id, label, Icon }) => (
        <MenuItem key={id} id={id} textValue={label}>
          <Icon aria-hidden="true" />
          {label}
        </MenuItem>
      ))}
    </Menu>
  )
}

function itemsOf(self: Person, deactivated: boolean) {
  return [
    { id: 'edit', label: 'Role and categories…', Icon: Pencil },
    { id: 'reset', label: 'Make a reset link…', Icon: KeyRound },
    deactivated
      ? { id: 'activate', label: 'Activate', Icon: Undo2 }
      : { id: 'deactivate', label: 'Deactivate…', Icon: Ban },
    ...(self.role === 'owner' ? [{ id: 'export', label: 'Export what is kept', Icon: Download }] : []),
    { id: 'remove', label: 'Remove…', Icon: UserMinus },
    ...(self.role === 'owner' ? [{ id: 'erase', label: 'Remove and erase…', Icon: Eraser }] : []),
  ]
}
