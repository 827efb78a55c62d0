"""What a start said: so that the same start with other answers is told from a mere repeat."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('chat_session') as batch:
        batch.add_column(sa.Column('told', sa.String(64), nullable=False, server_default=''))


def downgrade():
    with op.batch_alter_table('chat_session') as batch:
        batch.drop_column('told')
