namespace Practice.Appointments;

/// <summary>Of a personal appointment's document what says who wrote it: read for every row of a listing.</summary>
internal sealed record Authorship
{
    public string Origin { get; init => field = value ?? AppointmentDetails.FromDiary; } = AppointmentDetails.FromDiary;

    public PrivacyLevel? WrittenAt { get; init; }

    /// <summary>What only a device can have written, and nobody knows at which level, is hidden from all but the highest.</summary>
    public PrivacyLevel Level => WrittenAt ?? (Origin == AppointmentDetails.FromDiary ? PrivacyLevel.Busy : PrivacyLevel.FullName);
}
