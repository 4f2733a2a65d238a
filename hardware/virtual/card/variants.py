"""Why: cards in the field differ; each of these kinds is laid by name in tests, bench and on the control desk."""

from typing import Final

from hardware.card.security_infos import Mapping
from hardware.card.symmetric import Suite
from hardware.virtual.card.lds import CardProfile, PaceProfile

_BROADEST: Final = PaceProfile(Mapping.GENERIC, Suite.AES256, 17)

VARIANTS: Final[dict[str, CardProfile]] = {
    "cccd": CardProfile(),
    "rsa-aa": CardProfile(active="rsa"),
    "bac-only": CardProfile(pace=(), bac=True, chip_suite=Suite.DES3),
    "bac-plain": CardProfile(pace=(), bac=True, chip_suite=None),
    "short-only": CardProfile(extended=False),
    "short-reads": CardProfile(read_limit=223, clips_reads=True),
    "clips-6282": CardProfile(read_limit=223, clips_reads=True, clips_with_warning=True),
    "reads-256": CardProfile(read_limit=256),
    "reads-160": CardProfile(read_limit=160),
    "header-first": CardProfile(past_end_refused=True),
    "no-sfi": CardProfile(sfi_reads=False),
    "access-by-select": CardProfile(card_access_by=frozenset({"select"})),
    "access-hidden": CardProfile(card_access_by=frozenset()),
    "counts-tries": CardProfile(tries=3),
    "no-proof": CardProfile(active=None, chip_suite=None),
    "aa-only": CardProfile(chip_suite=None),
    "ca-only": CardProfile(active=None),
    "ca-3des": CardProfile(chip_suite=Suite.DES3),
    "ca-aes256": CardProfile(chip_suite=Suite.AES256, chip_curve="brainpoolP512r1"),
    "hides-dg15": CardProfile(hidden=frozenset({15})),
    "hides-dg14": CardProfile(hidden=frozenset({14})),
    "no-details": CardProfile(details=False),
    "pace-3des": CardProfile(pace=(PaceProfile(Mapping.GENERIC, Suite.DES3, 12),)),
    "pace-aes192": CardProfile(pace=(PaceProfile(Mapping.GENERIC, Suite.AES192, 16),)),
    "pace-aes256": CardProfile(pace=(_BROADEST,)),
    "pace-p521": CardProfile(pace=(PaceProfile(Mapping.GENERIC, Suite.AES256, 18),)),
    "pace-im": CardProfile(pace=(PaceProfile(Mapping.INTEGRATED, Suite.AES128, 13),)),
    "pace-im-aes256": CardProfile(pace=(PaceProfile(Mapping.INTEGRATED, Suite.AES256, 15),)),
    "pace-cam": CardProfile(pace=(PaceProfile(Mapping.CHIP_AUTHENTICATION, Suite.AES128, 13),), active=None),
    "pace-dh": CardProfile(pace=(PaceProfile(Mapping.GENERIC, Suite.AES128, 1),)),
    "pace-dh-im": CardProfile(pace=(PaceProfile(Mapping.INTEGRATED, Suite.AES128, 2),)),
    "pace-many": CardProfile(pace=(PaceProfile(Mapping.GENERIC, Suite.AES128, 12), _BROADEST)),
}
