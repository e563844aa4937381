"""The roles of a support organisation, each with the one it escalates to. Those who decide last come first."""

from typing import Any, Final

# Code, name, what it answers for, whom it escalates to.
_ROLES: Final = (
    ("executives", "Executives", "Decisions that nobody else may take", ""),
    ("head-of-support", "Head of support", "All of support, in all regions", "executives"),
    ("project-manager", "Project manager", "The project, its plan and its stakeholders", "executives"),
    *(
        (f"regional-manager-{code}", f"Regional manager, {name}", f"All of support in {name}", "head-of-support")
        for code, name in (("americas", "Americas"), ("europe", "Europe"), ("apac", "APAC"), ("latam", "LATAM"))
    ),
    ("oncall-coordinator", "On-call coordinator", "Shifts and emergencies", "head-of-support"),
    ("quality-lead", "Quality lead", "Reviews, surveys, quality figures", "head-of-support"),
    ("training-specialist", "Training specialist", "Onboarding, courses, certificates", "head-of-support"),
    ("process-lead", "Process lead", "Procedures, their audits and improvement", "head-of-support"),
    ("team-lead-tier-1", "Team lead, tier 1", "The work and the people of tier 1", "project-manager"),
    ("team-lead-tier-2", "Team lead, tier 2", "The work and the people of tier 2", "project-manager"),
    ("support-agent", "Support agent, tier 1", "First contact, basic questions, guidance", "team-lead-tier-1"),
    ("engineer", "Engineer, tier 2", "Troubleshooting, bugs, performance, integrations", "team-lead-tier-2"),
    ("senior-engineer", "Senior engineer, tier 3", "Complex issues and security incidents", "project-manager"),
    ("architect", "Architect, tier 4", "Architecture, strategy, critical system failure", "head-of-support"),
    # A second ladder, by departments.
    ("emergency-team", "Emergency team", "Critical failure, until it is over", ""),
    ("management", "Management", "Decisions on people, money and customers", "emergency-team"),
    ("development", "Development", "Fixes in the product itself", "management"),
    ("support", "Support", "Everything that users report", "development"),
    ("monitoring", "Monitoring", "Alerts of the systems", "support"),
)

STAFF_ROLES: Final[list[tuple[dict[str, Any], str]]] = [
    ({"code": code, "name": name, "responsibilities": duties, "position": position * 10}, above)
    for position, (code, name, duties, above) in enumerate(_ROLES, start=1)
]
