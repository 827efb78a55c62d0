"""The customer's windows: images, opening hours, ratings, mail, and what a profile, a skill and a contact gain by them."""

import json

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
Json = sa.JSON(none_as_null=True)
YES, NO = sa.true(), sa.false()

PROFILE_COLUMNS = {
    'show_on_phones': (sa.Boolean(), YES),
    'resume_in_new_tab': (sa.Boolean(), NO),
    'text_size': (sa.String(8), 'regular'),
    'logo_alt': (sa.String(160), ''),
    'header_color': (sa.String(7), '#0B57A4'),
    'header_text_color': (sa.String(7), '#FFFFFF'),
    'agent_line_color': (sa.String(7), '#0B57A4'),
    'customer_line_color': (sa.String(7), '#1B2733'),
    'status_color': (sa.String(7), '#55626F'),
    'pre_chat_enabled': (sa.Boolean(), NO),
    'pre_chat_welcome': (Json, '{}'),
    'pre_chat_fields': (Json, '[]'),
    'waiting_enabled': (sa.Boolean(), NO),
    'waiting_message': (Json, '{}'),
    'waiting_color': (sa.String(7), '#F4F6F8'),
    'waiting_text_color': (sa.String(7), '#1B2733'),
    'waiting_logo_alt': (sa.String(160), ''),
    'hero_alt': (sa.String(160), ''),
}
PROFILE_IMAGES = ('logo_id', 'waiting_logo_id', 'hero_id')
CONTACT_COLUMNS = {
    'customer_email': (sa.String(254), ''),
    'customer_phone': (sa.String(32), ''),
    'left_message': (sa.Boolean(), NO),
    'queue_message': (sa.String(1000), ''),
}
SKILL_COLUMNS = {
    'messages_when_closed': (sa.Boolean(), YES),
    'rating_enabled': (sa.Boolean(), NO),
    'transcript_from': (sa.String(254), ''),
    'thank_you_enabled': (sa.Boolean(), NO),
    'thank_you_text': (Json, '{}'),
    'thank_you_link_text': (Json, '{}'),
    'thank_you_url': (sa.String(500), ''),
}


def upgrade():
    _new_tables()
    profiles = sa.table('chat_profile', sa.column('id', BigId), sa.column('greeting', sa.String))
    greetings = op.get_bind().execute(sa.select(profiles.c.id, profiles.c.greeting)).all()
    with op.batch_alter_table('chat_profile') as batch:
        _add(batch, PROFILE_COLUMNS)
        for name in PROFILE_IMAGES:
            batch.add_column(sa.Column(name, BigId, nullable=True))
            batch.create_foreign_key(
                op.f(f'fk_chat_profile_tenant_id_{name}'), 'image', ['tenant_id', name], ['tenant_id', 'id']
            )
        batch.drop_column('greeting')
        batch.create_check_constraint(op.f('ck_chat_profile_text_size'), "text_size IN ('small', 'regular', 'huge')")
    welcome = sa.table('chat_profile', sa.column('id', BigId), sa.column('pre_chat_welcome', Json))
    for number, text in greetings:
        if text:
            op.execute(welcome.update().where(welcome.c.id == number).values(pre_chat_welcome={'en': text}))
    with op.batch_alter_table('chat_session') as batch:
        batch.add_column(sa.Column('identity_nonce', sa.String(64), nullable=True))
        batch.create_unique_constraint(
            op.f('uq_chat_session_tenant_id_identity_nonce'), ['tenant_id', 'identity_nonce']
        )
    with op.batch_alter_table('contact') as batch:
        _add(batch, CONTACT_COLUMNS)
        batch.add_column(sa.Column('verified_id', sa.String(255), nullable=True))
        batch.add_column(sa.Column('ending_at', sa.DateTime(timezone=True), nullable=True))
    waiting = sa.text("state = 'QUEUED'")
    op.create_index(
        'ix_contact_left_messages', 'contact', ['skill_id', 'left_message', 'queued_at', 'id'],
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    op.create_index('ix_contact_answered', 'contact', ['skill_id', 'answered_at'])
    with op.batch_alter_table('point_of_contact') as batch:
        batch.add_column(sa.Column('default_language', sa.String(12), nullable=True))
        batch.add_column(sa.Column('identity_secret', sa.String(64), nullable=True))
        _add_hours(batch, 'point_of_contact')
    with op.batch_alter_table('skill') as batch:
        _add(batch, SKILL_COLUMNS)
        _add_hours(batch, 'skill')


def _add(batch, columns):
    for name, (kind, default) in columns.items():
        batch.add_column(sa.Column(name, kind, nullable=False, server_default=default))


def _add_hours(batch, table):
    batch.add_column(sa.Column('opening_hours_id', BigId, nullable=True))
    batch.create_foreign_key(
        op.f(f'fk_{table}_tenant_id_opening_hours_id'), 'opening_hours', ['tenant_id', 'opening_hours_id'],
        ['tenant_id', 'id'],
    )  # fmt: skip


def _owned(table, *columns):
    """What every table of a tenant has: id, tenant, and an index over it."""
    op.create_table(
        table,
        *columns,
        sa.Column('id', BigId, nullable=False),
        sa.Column('tenant_id', BigId, nullable=False),
        sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f(f'fk_{table}_tenant_id')),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    )
    op.create_index(op.f(f'ix_{table}_tenant_id'), table, ['tenant_id'])


def _of_contact(table):
    return sa.ForeignKeyConstraint(
        ['tenant_id', 'contact_id'], ['contact.tenant_id', 'contact.id'], name=op.f(f'fk_{table}_tenant_id_contact_id')
    )


def _new_tables():
    _owned(
        'image',
        sa.Column('sha256', sa.String(64), nullable=False),
        sa.Column('media_type', sa.String(12), nullable=False),
        sa.Column('width', BigId, nullable=False),
        sa.Column('height', BigId, nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/png', 'image/jpeg', 'image/webp')", name=op.f('ck_image_media_type')
        ),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_image_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'sha256', name=op.f('uq_image_tenant_id_sha256')),
    )
    op.create_index(op.f('ix_image_sha256'), 'image', ['sha256'])
    _owned(
        'opening_hours',
        sa.Column('name', sa.String(60), nullable=False),
        sa.Column('timezone', sa.String(64), nullable=False),
        sa.Column('weekly', Json, nullable=False),
        sa.Column('exceptions', Json, nullable=False),
        sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_opening_hours_tenant_id_id')),
        sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_opening_hours_tenant_id_name')),
    )
    _owned(
        'rating',
        sa.Column('contact_id', BigId, nullable=False),
        sa.Column('score', BigId, nullable=False),
        sa.Column('comment', sa.String(1000), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_rating_score')),
        _of_contact('rating'),
        sa.UniqueConstraint('contact_id', name=op.f('uq_rating_contact_id')),
    )
    _mail()


def _mail():
    _owned(
        'mail',
        sa.Column('kind', sa.String(12), nullable=False),
        sa.Column('contact_id', BigId, nullable=True),
        sa.Column('recipient', sa.String(254), nullable=False),
        sa.Column('language', sa.String(12), nullable=False),
        sa.Column('state', sa.String(8), nullable=False),
        sa.Column('attempts', BigId, nullable=False),
        sa.Column('message_id', sa.String(80), nullable=False),
        sa.Column('error', sa.String(300), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('transcript')", name=op.f('ck_mail_kind')),
        sa.CheckConstraint("state IN ('queued', 'sent', 'failed')", name=op.f('ck_mail_state')),
        _of_contact('mail'),
        sa.UniqueConstraint('message_id', name=op.f('uq_mail_message_id')),
    )
    op.create_index('ix_mail_due', 'mail', ['state', 'due_at'])
    op.create_index('ix_mail_of_contact', 'mail', ['contact_id', 'created_at'])


def downgrade():
    with op.batch_alter_table('skill') as batch:
        batch.drop_constraint(op.f('fk_skill_tenant_id_opening_hours_id'), type_='foreignkey')
        for name in ('opening_hours_id', *SKILL_COLUMNS):
            batch.drop_column(name)
    with op.batch_alter_table('point_of_contact') as batch:
        batch.drop_constraint(op.f('fk_point_of_contact_tenant_id_opening_hours_id'), type_='foreignkey')
        for name in ('opening_hours_id', 'default_language', 'identity_secret'):
            batch.drop_column(name)
    for name in ('ix_contact_left_messages', 'ix_contact_answered'):
        op.drop_index(name, 'contact')
    for name in ('verified_id', 'ending_at', *CONTACT_COLUMNS):
        op.drop_column('contact', name)
    with op.batch_alter_table('chat_session') as batch:
        batch.drop_constraint(op.f('uq_chat_session_tenant_id_identity_nonce'), type_='unique')
        batch.drop_column('identity_nonce')
    profiles = sa.table('chat_profile', sa.column('id', BigId), sa.column('pre_chat_welcome', Json))
    welcomes = op.get_bind().execute(sa.select(profiles.c.id, profiles.c.pre_chat_welcome)).all()
    with op.batch_alter_table('chat_profile') as batch:
        batch.drop_constraint(op.f('ck_chat_profile_text_size'), type_='check')
        batch.add_column(sa.Column('greeting', sa.String(500), nullable=False, server_default=''))
        for name in PROFILE_IMAGES:
            batch.drop_constraint(op.f(f'fk_chat_profile_tenant_id_{name}'), type_='foreignkey')
        for name in (*PROFILE_IMAGES, *PROFILE_COLUMNS):
            batch.drop_column(name)
    greeting = sa.table('chat_profile', sa.column('id', BigId), sa.column('greeting', sa.String))
    for number, texts in welcomes:
        texts = json.loads(texts) if isinstance(texts, str) else texts
        text = (texts or {}).get('en', '')[:500]
        op.execute(greeting.update().where(greeting.c.id == number).values(greeting=text))
    for table in ('mail', 'rating', 'opening_hours', 'image'):
        op.drop_table(table)
