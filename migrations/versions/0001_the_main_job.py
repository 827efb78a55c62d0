"""The main job: everything from the point of contact to the transcript."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade():
    op.create_table('installation',
    sa.Column('id', BigId, nullable=False),
    sa.Column('epoch', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_installation_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_installation'))
    )
    op.create_table('tenant',
    sa.Column('id', BigId, nullable=False),
    sa.Column('bus_no', BigId, nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('default_language', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tenant')),
    sa.UniqueConstraint('bus_no', name=op.f('uq_tenant_bus_no')),
    sa.UniqueConstraint('name', name=op.f('uq_tenant_name'))
    )
    op.create_table('audit_entry',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_kind', sa.String(length=12), nullable=False),
    sa.Column('actor_id', BigId, nullable=True),
    sa.Column('actor_name', sa.String(length=255), nullable=False),
    sa.Column('entity', sa.String(length=40), nullable=False),
    sa.Column('entity_id', BigId, nullable=False),
    sa.Column('attribute', sa.String(length=60), nullable=False),
    sa.Column('previous_value', sa.Text(), nullable=True),
    sa.Column('changed_value', sa.Text(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_audit_entry_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entry_of', ['tenant_id', 'entity', 'entity_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('chat_profile',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('interface', BigId, nullable=False),
    sa.Column('header_text', sa.String(length=60), nullable=False),
    sa.Column('greeting', sa.String(length=500), nullable=False),
    sa.Column('primary_color', sa.String(length=7), nullable=False),
    sa.Column('primary_text_color', sa.String(length=7), nullable=False),
    sa.Column('agent_color', sa.String(length=7), nullable=False),
    sa.Column('agent_initial_color', sa.String(length=7), nullable=False),
    sa.Column('font', sa.String(length=12), nullable=False),
    sa.Column('button_position', sa.String(length=12), nullable=False),
    sa.Column('button_offset_x', BigId, nullable=False),
    sa.Column('button_offset_y', BigId, nullable=False),
    sa.Column('default_language', sa.String(length=12), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint("button_position IN ('BottomRight', 'BottomLeft', 'TopRight', 'TopLeft')", name=op.f('ck_chat_profile_button_position')),
    sa.CheckConstraint("font IN ('system', 'sans-serif', 'serif', 'Arial', 'Verdana', 'Tahoma', 'Georgia')", name=op.f('ck_chat_profile_font')),
    sa.CheckConstraint('button_offset_x BETWEEN 0 AND 200 AND button_offset_y BETWEEN 0 AND 200', name=op.f('ck_chat_profile_offsets')),
    sa.CheckConstraint('interface IN (1, 2)', name=op.f('ck_chat_profile_interface')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_chat_profile_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_profile')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_chat_profile_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_chat_profile_tenant_id_name'))
    )
    with op.batch_alter_table('chat_profile', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_profile_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('disposition',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_disposition_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disposition')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_disposition_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_disposition_tenant_id_name'))
    )
    with op.batch_alter_table('disposition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disposition_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('routing_script',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('version', BigId, nullable=False),
    sa.Column('steps', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_routing_script_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_routing_script')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_routing_script_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', 'version', name=op.f('uq_routing_script_tenant_id_name_version'))
    )
    with op.batch_alter_table('routing_script', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_routing_script_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('skill',
    sa.Column('name', sa.String(length=30), nullable=False),
    sa.Column('notes', sa.String(length=1000), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('priority_initial', sa.Double(), nullable=False),
    sa.Column('priority_acceleration', sa.Double(), nullable=False),
    sa.Column('priority_maximum', sa.Double(), nullable=False),
    sa.Column('typing_indicator', sa.Boolean(), nullable=False),
    sa.Column('transcript_available', sa.Boolean(), nullable=False),
    sa.Column('post_contact', sa.String(length=12), nullable=False),
    sa.Column('wrap_up_seconds', BigId, nullable=False),
    sa.Column('disposition_required', sa.Boolean(), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint("post_contact IN ('none', 'wrap_up', 'dispositions')", name=op.f('ck_skill_post_contact')),
    sa.CheckConstraint('priority_maximum >= priority_initial', name=op.f('ck_skill_priority')),
    sa.CheckConstraint('wrap_up_seconds BETWEEN 5 AND 3600', name=op.f('ck_skill_wrap_up_seconds')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_skill_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skill')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_skill_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_skill_tenant_id_name'))
    )
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skill_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('team',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('capacity', BigId, nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint('capacity BETWEEN 1 AND 12', name=op.f('ck_team_capacity')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_team_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_team_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_team_tenant_id_name'))
    )
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('timer',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', BigId, nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_timer_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timer')),
    sa.UniqueConstraint('kind', 'subject_id', name=op.f('uq_timer_kind_subject_id'))
    )
    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timer_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_timer_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('point_of_contact',
    sa.Column('guid', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('notes', sa.String(length=1000), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('default_skill_id', BigId, nullable=False),
    sa.Column('routing_script_id', BigId, nullable=False),
    sa.Column('chat_profile_id', BigId, nullable=True),
    sa.Column('allowed_origins', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'chat_profile_id'], ['chat_profile.tenant_id', 'chat_profile.id'], name=op.f('fk_point_of_contact_tenant_id_chat_profile_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'default_skill_id'], ['skill.tenant_id', 'skill.id'], name=op.f('fk_point_of_contact_tenant_id_default_skill_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'routing_script_id'], ['routing_script.tenant_id', 'routing_script.id'], name=op.f('fk_point_of_contact_tenant_id_routing_script_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_point_of_contact_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_point_of_contact')),
    sa.UniqueConstraint('guid', name=op.f('uq_point_of_contact_guid')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_point_of_contact_tenant_id_id')),
    sa.UniqueConstraint('tenant_id', 'name', name=op.f('uq_point_of_contact_tenant_id_name'))
    )
    with op.batch_alter_table('point_of_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_point_of_contact_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('skill_disposition',
    sa.Column('tenant_id', BigId, nullable=False),
    sa.Column('skill_id', BigId, nullable=False),
    sa.Column('disposition_id', BigId, nullable=False),
    sa.Column('position', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'disposition_id'], ['disposition.tenant_id', 'disposition.id'], name=op.f('fk_skill_disposition_tenant_id_disposition_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'skill_id'], ['skill.tenant_id', 'skill.id'], name=op.f('fk_skill_disposition_tenant_id_skill_id')),
    sa.PrimaryKeyConstraint('skill_id', 'disposition_id', name=op.f('pk_skill_disposition'))
    )
    with op.batch_alter_table('skill_disposition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skill_disposition_disposition_id'), ['disposition_id'], unique=False)

    op.create_table('user',
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('display_name', sa.String(length=60), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('demo_password', sa.Boolean(), nullable=False),
    sa.Column('is_agent', sa.Boolean(), nullable=False),
    sa.Column('is_supervisor', sa.Boolean(), nullable=False),
    sa.Column('is_administrator', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('team_id', BigId, nullable=True),
    sa.Column('capacity', BigId, nullable=True),
    sa.Column('refusal_seconds', BigId, nullable=False),
    sa.Column('language', sa.String(length=12), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint('capacity BETWEEN 1 AND 12', name=op.f('ck_user_capacity')),
    sa.CheckConstraint('is_agent OR is_supervisor OR is_administrator', name=op.f('ck_user_some_role')),
    sa.CheckConstraint('refusal_seconds BETWEEN 15 AND 300', name=op.f('ck_user_refusal_seconds')),
    sa.ForeignKeyConstraint(['tenant_id', 'team_id'], ['team.tenant_id', 'team.id'], name=op.f('fk_user_tenant_id_team_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_user_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_user_tenant_id_id'))
    )
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('agent_session',
    sa.Column('user_id', BigId, nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=60), nullable=False),
    sa.Column('next_state', sa.String(length=12), nullable=True),
    sa.Column('next_reason', sa.String(length=60), nullable=False),
    sa.Column('state_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_offered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_cause', sa.String(length=30), nullable=True),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint("next_state IN ('Available', 'Unavailable') OR next_state IS NULL", name=op.f('ck_agent_session_next_state')),
    sa.CheckConstraint("state IN ('Available', 'Unavailable')", name=op.f('ck_agent_session_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_agent_session_tenant_id_user_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_agent_session_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_session')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_agent_session_tenant_id_id'))
    )
    with op.batch_alter_table('agent_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agent_session_tenant_id'), ['tenant_id'], unique=False)
        batch_op.create_index('uq_agent_session_open', ['user_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('contact',
    sa.Column('master_contact_id', BigId, nullable=True),
    sa.Column('point_of_contact_id', BigId, nullable=False),
    sa.Column('default_skill_id', BigId, nullable=False),
    sa.Column('skill_id', BigId, nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('version', BigId, nullable=False),
    sa.Column('last_seq', BigId, nullable=False),
    sa.Column('agent_id', BigId, nullable=True),
    sa.Column('customer_name', sa.String(length=255), nullable=False),
    sa.Column('parameters', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('page_url', sa.String(length=2000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('priority_initial', sa.Double(), nullable=False),
    sa.Column('priority_acceleration', sa.Double(), nullable=False),
    sa.Column('priority_maximum', sa.Double(), nullable=False),
    sa.Column('end_reason', sa.String(length=20), nullable=True),
    sa.Column('wrap_up_agent_id', BigId, nullable=True),
    sa.Column('disposition_id', BigId, nullable=True),
    sa.Column('wrap_up_started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wrapped_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disposition_notes', sa.String(length=1000), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint("(state = 'ENDED') = (ended_at IS NOT NULL)", name=op.f('ck_contact_ended_when_ended')),
    sa.CheckConstraint("end_reason IN ('customer_left', 'customer_ended', 'agent_ended', 'customer_idle', 'script_ended', 'closed_hours', 'queue_full', 'transferred_out', 'supervisor_ended', 'system') OR end_reason IS NULL", name=op.f('ck_contact_end_reason')),
    sa.CheckConstraint("state <> 'ACTIVE' OR agent_id IS NOT NULL", name=op.f('ck_contact_active_has_agent')),
    sa.CheckConstraint("state IN ('PREQUEUE', 'QUEUED', 'OFFERED', 'ACTIVE', 'ENDED')", name=op.f('ck_contact_state')),
    sa.CheckConstraint("state NOT IN ('PREQUEUE', 'QUEUED', 'OFFERED') OR agent_id IS NULL", name=op.f('ck_contact_waiting_has_none')),
    sa.CheckConstraint("state NOT IN ('QUEUED', 'OFFERED') OR queued_at IS NOT NULL", name=op.f('ck_contact_queued_since')),
    sa.ForeignKeyConstraint(['tenant_id', 'agent_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_contact_tenant_id_agent_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'default_skill_id'], ['skill.tenant_id', 'skill.id'], name=op.f('fk_contact_tenant_id_default_skill_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'disposition_id'], ['disposition.tenant_id', 'disposition.id'], name=op.f('fk_contact_tenant_id_disposition_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'point_of_contact_id'], ['point_of_contact.tenant_id', 'point_of_contact.id'], name=op.f('fk_contact_tenant_id_point_of_contact_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'skill_id'], ['skill.tenant_id', 'skill.id'], name=op.f('fk_contact_tenant_id_skill_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'wrap_up_agent_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_contact_tenant_id_wrap_up_agent_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_contact_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_contact_tenant_id_id'))
    )
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_contact_master_contact_id'), ['master_contact_id'], unique=False)
        batch_op.create_index('ix_contact_of_agent', ['agent_id', 'state'], unique=False)
        batch_op.create_index('ix_contact_queue', ['skill_id', 'queued_at', 'id'], unique=False, sqlite_where=sa.text("state = 'QUEUED'"), postgresql_where=sa.text("state = 'QUEUED'"))
        batch_op.create_index(batch_op.f('ix_contact_tenant_id'), ['tenant_id'], unique=False)
        batch_op.create_index('ix_contact_wrap_up', ['wrap_up_agent_id'], unique=False, sqlite_where=sa.text('wrap_up_agent_id IS NOT NULL'), postgresql_where=sa.text('wrap_up_agent_id IS NOT NULL'))

    op.create_table('sign_in_session',
    sa.Column('user_id', BigId, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_sign_in_session_tenant_id_user_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_sign_in_session_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_in_session_token_hash'))
    )
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_session_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('skill_assignment',
    sa.Column('tenant_id', BigId, nullable=False),
    sa.Column('user_id', BigId, nullable=False),
    sa.Column('skill_id', BigId, nullable=False),
    sa.Column('proficiency', BigId, nullable=False),
    sa.CheckConstraint('proficiency BETWEEN 1 AND 20', name=op.f('ck_skill_assignment_proficiency')),
    sa.ForeignKeyConstraint(['tenant_id', 'skill_id'], ['skill.tenant_id', 'skill.id'], name=op.f('fk_skill_assignment_tenant_id_skill_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_skill_assignment_tenant_id_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'skill_id', name=op.f('pk_skill_assignment'))
    )
    with op.batch_alter_table('skill_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_skill_assignment_skill_id'), ['skill_id'], unique=False)

    op.create_table('chat_session',
    sa.Column('contact_id', BigId, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('start_key', sa.String(length=64), nullable=False),
    sa.Column('interface', BigId, nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.ForeignKeyConstraint(['tenant_id', 'contact_id'], ['contact.tenant_id', 'contact.id'], name=op.f('fk_chat_session_tenant_id_contact_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_chat_session_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chat_session')),
    sa.UniqueConstraint('contact_id', name=op.f('uq_chat_session_contact_id')),
    sa.UniqueConstraint('tenant_id', 'start_key', name=op.f('uq_chat_session_tenant_id_start_key')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_chat_session_token_hash'))
    )
    with op.batch_alter_table('chat_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_session_last_seen_at'), ['last_seen_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_chat_session_tenant_id'), ['tenant_id'], unique=False)

    op.create_table('message',
    sa.Column('contact_id', BigId, autoincrement=False, nullable=False),
    sa.Column('seq', BigId, autoincrement=False, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('sender', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('cid', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('text', 'joined', 'ended', 'requeued', 'transferred', 'system')", name=op.f('ck_message_kind')),
    sa.CheckConstraint('seq >= 1', name=op.f('ck_message_seq')),
    sa.ForeignKeyConstraint(['tenant_id', 'contact_id'], ['contact.tenant_id', 'contact.id'], name=op.f('fk_message_tenant_id_contact_id')),
    sa.PrimaryKeyConstraint('contact_id', 'seq', name=op.f('pk_message')),
    sa.UniqueConstraint('cid', 'contact_id', 'sender', name=op.f('uq_message_cid_contact_id_sender'))
    )
    op.create_table('offer',
    sa.Column('contact_id', BigId, nullable=False),
    sa.Column('contact_version', BigId, nullable=False),
    sa.Column('user_id', BigId, nullable=False),
    sa.Column('agent_session_id', BigId, nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('offered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deadline_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('id', BigId, nullable=False),
    sa.Column('tenant_id', BigId, nullable=False),
    sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name=op.f('ck_offer_decided')),
    sa.CheckConstraint("state IN ('pending', 'accepted', 'refused', 'missed', 'lost', 'withdrawn')", name=op.f('ck_offer_state')),
    sa.ForeignKeyConstraint(['tenant_id', 'agent_session_id'], ['agent_session.tenant_id', 'agent_session.id'], name=op.f('fk_offer_tenant_id_agent_session_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'contact_id'], ['contact.tenant_id', 'contact.id'], name=op.f('fk_offer_tenant_id_contact_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_offer_tenant_id_user_id')),
    sa.ForeignKeyConstraint(['tenant_id'], ['tenant.id'], name=op.f('fk_offer_tenant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
    sa.UniqueConstraint('tenant_id', 'id', name=op.f('uq_offer_tenant_id_id'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index('ix_offer_history', ['contact_id', 'offered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_offer_tenant_id'), ['tenant_id'], unique=False)
        batch_op.create_index('uq_offer_pending_contact', ['contact_id'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.create_index('uq_offer_pending_user', ['user_id'], unique=True, sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))

    op.create_table('seat',
    sa.Column('tenant_id', BigId, nullable=False),
    sa.Column('user_id', BigId, nullable=False),
    sa.Column('n', BigId, nullable=False),
    sa.Column('contact_id', BigId, nullable=True),
    sa.CheckConstraint('n BETWEEN 1 AND 12', name=op.f('ck_seat_n')),
    sa.ForeignKeyConstraint(['tenant_id', 'contact_id'], ['contact.tenant_id', 'contact.id'], name=op.f('fk_seat_tenant_id_contact_id')),
    sa.ForeignKeyConstraint(['tenant_id', 'user_id'], ['user.tenant_id', 'user.id'], name=op.f('fk_seat_tenant_id_user_id')),
    sa.PrimaryKeyConstraint('user_id', 'n', name=op.f('pk_seat')),
    sa.UniqueConstraint('contact_id', name=op.f('uq_seat_contact_id'))
    )
    # The epoch of this database: a restored backup gets a new one, so that no reader's cursor of before is believed.
    installation = sa.table(
        "installation", sa.column("id", sa.Integer), sa.column("epoch", sa.String), sa.column("created_at", sa.DateTime(timezone=True))
    )
    op.bulk_insert(installation, [{"id": 1, "epoch": secrets.token_urlsafe(12), "created_at": datetime.now(UTC)}])


def downgrade():
    op.drop_table('seat')
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index('uq_offer_pending_user', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index('uq_offer_pending_contact', sqlite_where=sa.text("state = 'pending'"), postgresql_where=sa.text("state = 'pending'"))
        batch_op.drop_index(batch_op.f('ix_offer_tenant_id'))
        batch_op.drop_index('ix_offer_history')

    op.drop_table('offer')
    op.drop_table('message')
    with op.batch_alter_table('chat_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_session_tenant_id'))
        batch_op.drop_index(batch_op.f('ix_chat_session_last_seen_at'))

    op.drop_table('chat_session')
    with op.batch_alter_table('skill_assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skill_assignment_skill_id'))

    op.drop_table('skill_assignment')
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_session_tenant_id'))

    op.drop_table('sign_in_session')
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_wrap_up', sqlite_where=sa.text('wrap_up_agent_id IS NOT NULL'), postgresql_where=sa.text('wrap_up_agent_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_contact_tenant_id'))
        batch_op.drop_index('ix_contact_queue', sqlite_where=sa.text("state = 'QUEUED'"), postgresql_where=sa.text("state = 'QUEUED'"))
        batch_op.drop_index('ix_contact_of_agent')
        batch_op.drop_index(batch_op.f('ix_contact_master_contact_id'))
        batch_op.drop_index(batch_op.f('ix_contact_created_at'))

    op.drop_table('contact')
    with op.batch_alter_table('agent_session', schema=None) as batch_op:
        batch_op.drop_index('uq_agent_session_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_agent_session_tenant_id'))

    op.drop_table('agent_session')
    with op.batch_alter_table('user', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_tenant_id'))

    op.drop_table('user')
    with op.batch_alter_table('skill_disposition', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skill_disposition_disposition_id'))

    op.drop_table('skill_disposition')
    with op.batch_alter_table('point_of_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_point_of_contact_tenant_id'))

    op.drop_table('point_of_contact')
    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_timer_tenant_id'))
        batch_op.drop_index(batch_op.f('ix_timer_due_at'))

    op.drop_table('timer')
    with op.batch_alter_table('team', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_tenant_id'))

    op.drop_table('team')
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_skill_tenant_id'))

    op.drop_table('skill')
    with op.batch_alter_table('routing_script', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_routing_script_tenant_id'))

    op.drop_table('routing_script')
    with op.batch_alter_table('disposition', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disposition_tenant_id'))

    op.drop_table('disposition')
    with op.batch_alter_table('chat_profile', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_profile_tenant_id'))

    op.drop_table('chat_profile')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_entry_tenant_id'))
        batch_op.drop_index('ix_audit_entry_of')

    op.drop_table('audit_entry')
    op.drop_table('tenant')
    op.drop_table('installation')
