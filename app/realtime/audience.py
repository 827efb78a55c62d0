"""Names of audiences: a list of people is worked out when the event is made; these are the ears they listen with."""


def customer(contact_id: int) -> str:
    """Every window in which this contact's customer looks at it."""
    return f"customer-{contact_id}"


def agent(user_id: int) -> str:
    """Every console of this user."""
    return f"agent-{user_id}"


def floor(tenant_id: int) -> str:
    """Everybody of the tenant whose page shows the whole floor."""
    return f"floor-{tenant_id}"


def readers(contact_id: int, agent_id: int | None) -> list[str]:
    """Who reads this contact's lines now: its customer, and the agent if there is one."""
    return [customer(contact_id)] if agent_id is None else [customer(contact_id), agent(agent_id)]
