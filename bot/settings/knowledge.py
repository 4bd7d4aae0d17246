"""The FAQ, the models that are trained from it, and who drafts phrasings."""

from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, field_validator


class KnowledgeSettings(BaseModel):
    """See the descriptions."""

    project: Path = Field(Path(), description="Folder with config.yml, domain and data.")
    faq: Path = Field(Path("data/faq"), description="Folder of the FAQ's Markdown files.")
    models: Path = Field(Path("models"), description="Folder of the trained models.")
    kept_models: int = Field(
        5, ge=2, description="Models that are kept, the one in use among them: the one before can be brought back."
    )
    heldout: Path | None = Field(
        Path("tests/quality/heldout.jsonl"),
        description="Labelled messages on which a model that is published at the desk must not do worse than the last; "
        "empty: it is not measured.",
    )
    phrasings_url: str = Field(
        "",
        description="OpenAI-compatible chat endpoint, hosted or local, that python -m bot faq phrasings asks for "
        "drafts, such as https://api.example/v1; empty: none, and nothing is sent. The bot itself never asks it.",
    )
    phrasings_model: str = Field("", description="Name of the language model there.")
    phrasings_key: SecretStr = Field(SecretStr(""), description="Key of it; empty for most local ones.")
    phrasings_timeout: float = Field(120.0, gt=0, le=3600, description="Seconds that it has for one answer.")

    @field_validator("heldout", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return value or None
