namespace Practice.Diaries;

/// <summary>The four choices when an appointment is cancelled (docs/rules.md A4).</summary>
public enum CancelChoice
{
    /// <summary>It is cancelled; the record stays.</summary>
    Cancel,

    /// <summary>It is cancelled, and its invoice is deleted.</summary>
    CancelAndDeleteInvoice,

    /// <summary>The patient did not attend.</summary>
    NonAttendance,

    /// <summary>It is deleted for good.</summary>
    Delete,
}
