namespace Sandbox.Google;

public static class GoogleScopes
{
    public const string Calendar = "https://www.googleapis.com/auth/calendar";
    public const string AppCreated = "https://www.googleapis.com/auth/calendar.app.created";
}
