using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>An appointment as the answer to a request, with its version as the ETag, and its address if it is new.</summary>
/// <param name="Appointment">The appointment.</param>
internal sealed record AppointmentAnswer(Appointment Appointment) : IResult
{
    /// <summary>Whether the request made it.</summary>
    public bool IsNew { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = $"\"{Appointment.Version}\"";
        if (IsNew) response.Headers.Location = $"{DiaryOf(httpContext.Request.Path.Value!)}/{new AppointmentId(Appointment.Id)}";
        return TypedResults.Json(ApiValues.Write(Appointment), ApiJson.Default.ApiAppointment, statusCode: IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK).ExecuteAsync(httpContext);
    }

    private static string DiaryOf(string path) => path.Replace("/personal", "", StringComparison.Ordinal).TrimEnd('/');
}
