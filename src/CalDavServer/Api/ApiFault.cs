using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>A request is not carried out: a status, and a sentence for the person (RFC 9457).</summary>
internal sealed class ApiFault(int status, string message) : Exception(message)
{
    public int Status { get; } = status;

    public static ApiFault Invalid(string message) => new(StatusCodes.Status400BadRequest, message);
}

/// <summary>Answers faults with problem details, those of a handler's parameters too.</summary>
internal static class ApiFaults
{
    /// <summary>An endpoint that answers so.</summary>
    public static RequestDelegate Around(RequestDelegate endpoint) => async context =>
    {
        // what the diary says is about patients: nobody between it and the caller keeps it
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await endpoint(context);
        }
        catch (ApiFault fault)
        {
            await AnswerAsync(context, fault.Status, fault.Message);
        }
        catch (DiaryException fault)
        {
            await AnswerAsync(context, StatusOf(fault.Fault), fault.Message);
        }
    };

    private static Task AnswerAsync(HttpContext context, int status, string sentence) => TypedResults.Problem(sentence, statusCode: status).ExecuteAsync(context);

    private static int StatusOf(DiaryFault fault) => fault switch
    {
        DiaryFault.Invalid or DiaryFault.TooMuch => StatusCodes.Status400BadRequest,
        DiaryFault.NotFound => StatusCodes.Status404NotFound,
        DiaryFault.Conflict => StatusCodes.Status409Conflict,
        DiaryFault.Stale => StatusCodes.Status412PreconditionFailed,
        DiaryFault.NoSpace => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
