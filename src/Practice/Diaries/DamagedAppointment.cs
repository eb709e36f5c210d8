using Calendaring.Store;

namespace Practice.Diaries;

/// <summary>An appointment that can no longer be read, because the disk or the file is damaged: the others can.</summary>
public static class DamagedAppointment
{
    /// <summary>Whether a failure says that.</summary>
    public static bool IsSaidBy(Exception failure) => failure is CorruptObjectException or FormatException;
}
